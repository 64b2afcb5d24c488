//! What goes to a file instead of the screen.
//! Invariant: a file has its name only once it is whole, and nothing that was there is written over.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use tempfile::NamedTempFile;

use super::{Screen, say};
use crate::exit::Failure;

/// A file that takes its name once it is whole; that name must be free.
pub(crate) fn new_file(path: &Path) -> io::Result<NamedTempFile> {
    if path.exists() {
        return Err(io::Error::from(io::ErrorKind::AlreadyExists));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    NamedTempFile::new_in(folder)
}

/// What was written, for programs.
#[derive(Serialize)]
struct Written<'a> {
    file: &'a Path,
    bytes: usize,
}

/// Writes a picture to a new file, and says so; `-` is standard output, which then has nothing else.
pub(crate) fn put_picture(screen: &Screen, svg: &str, path: &Path, what: &str) -> Result<(), Failure> {
    if path.as_os_str() == "-" {
        return say(svg);
    }
    let failed = |source| Failure::File { path: path.to_owned(), source };
    let mut file = new_file(path).map_err(failed)?;
    file.write_all(svg.as_bytes()).map_err(failed)?;
    file.persist_noclobber(path).map_err(|error| failed(error.error))?;
    let written = Written { file: path, bytes: svg.len() };
    screen.object(&written, || format!("Wrote {what} to `{}`.", path.display()))
}
