//! Letters for persons.

use std::collections::HashMap;

use wabinary::Server;

/// The letters of users, in order of appearance. A phone number and a LID are two users.
#[derive(Debug, Default)]
pub(super) struct Persons(HashMap<(Box<str>, Box<str>), String>);

impl Persons {
    /// The letters for a user.
    pub(super) fn letters(&mut self, server: Server<'_>, user: &str) -> String {
        let next = self.0.len();
        let account = account_server(server).as_str();
        self.0.entry((account.into(), user.into())).or_insert_with(|| letters(next)).clone()
    }

    /// The replaced users.
    pub(super) fn users(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(|(_, user)| &**user)
    }
}

/// The server that a user's devices share: a hosted device belongs to the same account.
fn account_server(server: Server<'_>) -> Server<'_> {
    match server {
        Server::Hosted | Server::LegacyUser => Server::Whatsapp,
        Server::HostedLid => Server::Lid,
        server => server,
    }
}

/// A to Z, AA, AB and so on.
fn letters(number: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = number.saturating_add(1);
    while let Some(digit) = rest.checked_sub(1) {
        letters.push(b'A'.saturating_add((digit % 26) as u8));
        rest = digit / 26;
    }
    letters.iter().rev().map(|&letter| char::from(letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn letters_go_on_after_z_as_the_columns_of_a_table_do() {
        let of = |numbers: &[usize]| numbers.iter().map(|&number| letters(number)).collect::<Vec<_>>().join(" ");
        assert_eq!(of(&[0, 1, 25, 26, 27, 51, 52, 701, 702]), "A B Z AA AB AZ BA ZZ AAA");
    }
}
