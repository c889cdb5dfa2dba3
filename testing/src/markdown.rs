//! The tables of a Markdown document.

/// A table: the cells of its header, and of its rows.
pub struct Table {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The cells of the column with this header, row by row.
    pub fn column(&self, header: &str) -> Vec<&str> {
        let at = self.header.iter().position(|cell| cell == header).unwrap_or_else(|| panic!("no column {header}"));
        self.rows.iter().map(|row| row[at].as_str()).collect()
    }
}

/// The tables under a heading such as `## 9. Corner cases`, up to the next heading.
pub fn tables(document: &str, heading: &str) -> Vec<Table> {
    let mut lines = document.lines().skip_while(|line| *line != heading).peekable();
    assert_eq!(lines.next(), Some(heading), "no such heading");
    let mut tables: Vec<Table> = Vec::new();
    let mut in_table = false;
    let mut in_code = false;
    for line in lines {
        in_code ^= line.starts_with("```");
        if line.starts_with('#') && !in_code {
            break;
        }
        if !line.starts_with('|') {
            in_table = false;
            continue;
        }
        let cells: Vec<String> = line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
        match tables.last_mut().filter(|_| in_table) {
            // The line of dashes under the header.
            Some(_) if cells.iter().all(|cell| cell.chars().all(|c| matches!(c, '-' | '|'))) => {}
            Some(table) => {
                assert_eq!(cells.len(), table.header.len(), "{line}");
                table.rows.push(cells);
            }
            None => {
                tables.push(Table { header: cells, rows: Vec::new() });
                in_table = true;
            }
        }
    }
    tables
}

/// The text between the first two backticks of a cell.
pub fn code(cell: &str) -> Option<&str> {
    cell.split('`').nth(1)
}
