//! Finding a data set's files by what their names say: `train`, `dev`, `test`, `queries`, `qrels`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The files of a folder whose names, in small letters, fit; in the order of their names.
pub(crate) fn named(folder: &Path, fits: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot list `{}`", folder.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        if path.is_file() && fits(&name) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The same, where at least one must be there; `what` names it in the error.
pub(crate) fn needed(folder: &Path, what: &str, fits: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>> {
    let found = named(folder, fits)?;
    if found.is_empty() {
        bail!("`{}` has no file of {what}", folder.display());
    }
    Ok(found)
}

/// Whether a name ends with that extension.
pub(crate) fn is_a(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|own| own.eq_ignore_ascii_case(extension))
}

/// A file's text; bytes that are no UTF-8 are replaced.
pub(crate) fn text(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
