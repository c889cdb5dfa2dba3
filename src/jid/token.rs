//! The servers that are single-byte tokens of dictionaries.

use super::Server;
use super::server::KNOWN;
use crate::token::{Dictionary, Table, Token};

/// For each dictionary and single-byte token: the code of the server that it names, or an unused code.
static SERVERS: [[u8; 256]; Dictionary::ALL.len()] = {
    let mut servers = [[u8::MAX; 256]; Dictionary::ALL.len()];
    let mut dictionary = 0;
    while dictionary < servers.len() {
        let mut code = 0;
        while code < KNOWN.len() {
            if let Some(token) = single_byte_token(dictionary, code) {
                servers[dictionary][token.index() as usize] = code as u8;
            }
            code += 1;
        }
        dictionary += 1;
    }
    servers
};

/// For each dictionary and code of a server: the token that names it, or 0.
static TOKENS: [[u8; 32]; Dictionary::ALL.len()] = {
    let mut tokens = [[0; 32]; Dictionary::ALL.len()];
    let mut dictionary = 0;
    while dictionary < tokens.len() {
        let mut code = 0;
        while code < KNOWN.len() {
            if let Some(token) = single_byte_token(dictionary, code) {
                tokens[dictionary][code] = token.index();
            }
            code += 1;
        }
        dictionary += 1;
    }
    tokens
};

const fn single_byte_token(dictionary: usize, code: usize) -> Option<Token> {
    match Dictionary::ALL[dictionary].token(KNOWN[code].0) {
        Some(token) if token.dictionary().is_none() => Some(token),
        _ => None,
    }
}

/// The server that is the token with this id.
#[inline(always)]
pub(crate) fn server_of_token(table: &Table, id: usize) -> Option<Server<'static>> {
    let code = SERVERS[table.dictionary as usize].get(id)?;
    Server::from_code(*code)
}

/// The single-byte token of the known server with this code.
#[inline]
pub(crate) fn token_of_server(dictionary: Dictionary, code: u8) -> Option<Token> {
    let byte = *TOKENS[dictionary as usize].get(usize::from(code))?;
    (byte != 0).then_some(Token::single(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_has_the_token_of_its_name_if_that_is_one_byte() {
        let mut found = 0;
        for &dictionary in Dictionary::ALL {
            for code in 0..32 {
                let name = Server::from_code(code).map(|server| server.as_str());
                let token = name.and_then(|name| dictionary.find(name)).filter(|token| token.dictionary().is_none());
                assert_eq!(token_of_server(dictionary, code), token, "{name:?}");
                found += usize::from(token.is_some());
            }
            for id in 0..1280 {
                let server = Server::known(dictionary.text(Token::from_id(id))).filter(|_| id < 256);
                assert_eq!(server_of_token(dictionary.table(), id.into()), server, "{id}");
            }
        }
        assert!(found >= 8, "{found}");
    }
}
