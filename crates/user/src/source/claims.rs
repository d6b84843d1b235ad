use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};
use tower_telemetry_core::{UserAttribute, UserText};

/// The claims of a token: texts, flags and whole numbers at its top level. Other values are not kept, and no more than 64
/// claims are.
#[derive(Clone, Default)]
pub struct Claims(Vec<(String, UserAttribute)>);

const MAX_CLAIMS: usize = 64;

impl Claims {
    /// What a claim holds.
    pub fn get(&self, name: &str) -> Option<&UserAttribute> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value)
    }

    /// The text that a claim holds, if it holds one that is not empty.
    pub fn text(&self, name: &str) -> Option<UserText> {
        match self.get(name)? {
            UserAttribute::Text(text) => Some(text.clone()).filter(|text| !text.as_str().is_empty()),
            _ => None,
        }
    }

    /// The flag that a claim holds.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            UserAttribute::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The number that a claim holds.
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            UserAttribute::Number(number) => Some(*number),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Top)
    }
}

struct Top;

impl<'de> Visitor<'de> for Top {
    type Value = Claims;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of claims")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Claims, A::Error> {
        let mut names: Vec<String> = Vec::new();
        let mut claims = Claims::default();
        while let Some(name) = map.next_key::<String>()? {
            // Parsers differ on which of two counts: what is a label here would be another name elsewhere.
            if names.len() == MAX_CLAIMS || names.contains(&name) {
                return Err(A::Error::custom("a claim too many"));
            }
            names.push(name.clone());
            if let Value(Some(value)) = map.next_value()? {
                claims.0.push((name, value));
            }
        }
        Ok(claims)
    }
}

/// A value, if it is of a kind that is kept.
struct Value(Option<UserAttribute>);

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a claim's value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value(Some(text.to_owned().into())))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value(Some(flag.into())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value(Some(number.into())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value(i64::try_from(number).ok().map(Into::into)))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value, E> {
        Ok(Value(None))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value(None))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value(None))
    }
}

// Anybody can write into a token what it likes.
impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims").field("len", &self.0.len()).finish_non_exhaustive()
    }
}
