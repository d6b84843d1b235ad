use std::path::PathBuf;

use metrics::{Unit, describe_gauge, gauge};

use super::Collect;

const USAGE: &str = "system_filesystem_usage_bytes";
const LIMIT: &str = "system_filesystem_limit_bytes";

/// The space of the file system that a directory is on, in bytes.
///
/// `free` is what the process can use; `reserved` is free for the system's administrator only.
#[derive(Clone, Debug)]
#[must_use]
pub struct Disk {
    name: &'static str,
    path: PathBuf,
}

impl Disk {
    /// The directory that the process works in, whichever it is by then: `directory="working_directory"`.
    pub fn working_directory() -> Self {
        Self::new("working_directory", ".")
    }

    /// A directory by a name, which is the label `directory`: the path stays private.
    pub fn new(name: &'static str, path: impl Into<PathBuf>) -> Self {
        Self { name, path: path.into() }
    }
}

impl Collect for Disk {
    /// A directory that cannot be read sets nothing.
    #[expect(clippy::cast_precision_loss, reason = "a gauge is a float, and a disk may be off by a byte")]
    fn collect(&self) {
        let Ok(space) = fs4::statvfs(&self.path) else { return };
        let (free, all_free, total) = (space.available_space(), space.free_space(), space.total_space());
        describe_gauge!(USAGE, Unit::Bytes, "Space of the file system that the directory is on, by its state.");
        for (state, bytes) in
            [("free", free), ("reserved", all_free.saturating_sub(free)), ("used", total.saturating_sub(all_free))]
        {
            gauge!(USAGE, "directory" => self.name, "system_filesystem_state" => state).set(bytes as f64);
        }
        describe_gauge!(LIMIT, Unit::Bytes, "Size of the file system that the directory is on.");
        gauge!(LIMIT, "directory" => self.name).set(total as f64);
    }
}
