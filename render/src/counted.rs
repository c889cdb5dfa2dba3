//! Numbers with their units.

/// `1 frame`, `2 frames`.
pub(crate) fn counted(count: usize, unit: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}
