use std::borrow::Cow;

use sentry::protocol::{Attachment, AttachmentType};

use super::{Attachments, walk::Walk};
use crate::dropped::Cause;

/// More than this would hold up the request that sends it, in bytes.
const MAX_TEXT: usize = 1024 * 1024;

/// Ends of names of files that hold text.
const TEXT_ENDINGS: [&str; 14] =
    ["cfg", "conf", "csv", "htm", "html", "ini", "json", "log", "md", "ndjson", "toml", "txt", "xml", "yaml"];

impl Walk<'_> {
    pub(super) fn attachment(&self, attachment: &mut Attachment) -> Result<(), Cause> {
        let Attachment { buffer, filename, content_type, ty } = attachment;
        match self.attachments {
            Attachments::Drop => return Err(Cause::Rule),
            Attachments::Keep => {}
            Attachments::Scrub => {
                if !is_text(content_type.as_deref(), filename) || std::str::from_utf8(buffer).is_err() {
                    return Err(Cause::NotText);
                }
                if buffer.len() > MAX_TEXT {
                    return Err(Cause::TooLarge);
                }
                let scrubbed = match self.scrubber.bytes(buffer) {
                    Cow::Borrowed(bytes) if std::ptr::eq(bytes, buffer.as_slice()) => None,
                    scrubbed => Some(scrubbed.into_owned()),
                };
                if let Some(scrubbed) = scrubbed {
                    *buffer = scrubbed;
                }
            }
        }
        self.text(filename);
        self.text_opt(content_type);
        if let Some(AttachmentType::Custom(ty)) = ty {
            self.text(ty);
        }
        Ok(())
    }
}

fn is_text(content_type: Option<&str>, filename: &str) -> bool {
    let Some(content_type) = content_type else {
        let ending = filename.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        return ending.is_some_and(|ending| TEXT_ENDINGS.contains(&&*ending));
    };
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.starts_with("text/")
        || kind.ends_with("+json")
        || kind.ends_with("+xml")
        || matches!(
            &*kind,
            "application/json"
                | "application/x-ndjson"
                | "application/xml"
                | "application/yaml"
                | "application/x-www-form-urlencoded"
        )
}
