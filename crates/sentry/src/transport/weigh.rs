use std::fmt::{self, Display, Write};

use sentry::protocol::{EnvelopeItem, ItemContainer, Value};
use serde::{Serialize, ser};

use crate::scrub::Leaving;

/// About how much memory an envelope takes, in bytes: its texts, and so much for each value around them.
///
/// It is what a queue is bounded by. To write the envelope would be exact for the network, but not for the memory, and would hold
/// up the request that sends it.
pub(super) fn weigh(leaving: &Leaving) -> usize {
    let Leaving { envelope, conclusion } = leaving;
    let mut scale = Scale(size_of::<Leaving>() + conclusion.as_ref().map_or(0, |conclusion| conclusion.weight()));
    let mut items = envelope.items().peekable();
    if items.peek().is_none() {
        // Raw, or empty.
        let _ = envelope.to_writer(&mut scale);
    }
    let mut count = 0;
    for item in items {
        count += 1;
        // A value that cannot be written is found out when it is.
        let _ = match item {
            EnvelopeItem::Event(event) => {
                scale.0 += size_of_val(&**event);
                event.serialize(&mut scale)
            }
            EnvelopeItem::Transaction(transaction) => {
                scale.0 += size_of_val(&**transaction);
                transaction.serialize(&mut scale)
            }
            EnvelopeItem::SessionUpdate(session) => session.serialize(&mut scale),
            EnvelopeItem::SessionAggregates(sessions) => sessions.serialize(&mut scale),
            EnvelopeItem::MonitorCheckIn(check_in) => check_in.serialize(&mut scale),
            EnvelopeItem::ItemContainer(ItemContainer::Logs(logs)) => logs.serialize(&mut scale),
            EnvelopeItem::ItemContainer(ItemContainer::Metrics(metrics)) => metrics.serialize(&mut scale),
            EnvelopeItem::Attachment(attachment) => {
                scale.0 += attachment.buffer.len() + attachment.filename.len();
                Ok(())
            }
            _ => Ok(()),
        };
    }
    scale.0 + count.max(FEW) * size_of::<EnvelopeItem>()
}

/// A list has room for so many as soon as it has one.
const FEW: usize = 4;

/// The header of a text or a list, and what its allocation costs.
const OBJECT: usize = 48;

/// A number, as large as any other value where it stands among them.
const SCALAR: usize = size_of::<Value>();

/// A map with anything in it has room for eleven.
const MAP: usize = 11 * (size_of::<String>() + size_of::<Value>());

/// The fields of a structure that are not set take their room too.
const STRUCT: usize = 256;

/// Adds up what it is told to write.
struct Scale(usize);

type Weighed = Result<(), fmt::Error>;

impl Scale {
    #[expect(clippy::unnecessary_wraps, reason = "so all that a serializer does ends")]
    fn add(&mut self, bytes: usize) -> Weighed {
        self.0 += bytes;
        Ok(())
    }
}

impl Write for Scale {
    fn write_str(&mut self, text: &str) -> Weighed {
        self.add(text.len())
    }
}

impl std::io::Write for Scale {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

macro_rules! scalars {
    ($($name:ident: $type:ty,)*) => {
        $(fn $name(self, _: $type) -> Weighed {
            self.add(SCALAR)
        })*
    };
}

impl ser::Serializer for &mut Scale {
    type Ok = ();
    type Error = fmt::Error;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    scalars! {
        serialize_bool: bool,
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
        serialize_f32: f32,
        serialize_f64: f64,
        serialize_char: char,
        serialize_unit_struct: &'static str,
    }

    fn serialize_str(self, text: &str) -> Weighed {
        self.add(OBJECT + text.len())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Weighed {
        self.add(OBJECT + bytes.len())
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Weighed {
        self.add(OBJECT)?;
        write!(self, "{value}")
    }

    fn serialize_none(self) -> Weighed {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Weighed {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Weighed {
        self.add(SCALAR)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Weighed {
        self.add(SCALAR)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Weighed {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Weighed {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, fmt::Error> {
        self.add(OBJECT)?;
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, fmt::Error> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, fmt::Error> {
        Ok(self)
    }

    fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self, fmt::Error> {
        Ok(self)
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Self, fmt::Error> {
        self.add(if length == Some(0) { 0 } else { MAP })?;
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, fmt::Error> {
        self.add(STRUCT)?;
        Ok(self)
    }

    fn serialize_struct_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self, fmt::Error> {
        self.add(STRUCT)?;
        Ok(self)
    }
}

macro_rules! compounds {
    ($($trait:ident $method:ident,)*) => {
        $(impl ser::$trait for &mut Scale {
            type Ok = ();
            type Error = fmt::Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Weighed {
                value.serialize(&mut **self)
            }

            fn end(self) -> Weighed {
                Ok(())
            }
        })*
    };
}

compounds! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
}

macro_rules! structures {
    ($($trait:ident,)*) => {
        $(impl ser::$trait for &mut Scale {
            type Ok = ();
            type Error = fmt::Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, value: &T) -> Weighed {
                value.serialize(&mut **self)
            }

            fn end(self) -> Weighed {
                Ok(())
            }
        })*
    };
}

structures! {
    SerializeStruct,
    SerializeStructVariant,
}

impl ser::SerializeMap for &mut Scale {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Weighed {
        key.serialize(&mut **self)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Weighed {
        value.serialize(&mut **self)
    }

    fn end(self) -> Weighed {
        Ok(())
    }
}
