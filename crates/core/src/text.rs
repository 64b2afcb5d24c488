//! Free text and names inside an event. The envelope holds only a commitment to them, so that a text can be erased
//! while the log stays provable; a fold that needs no words reads them as [`Text::Sealed`].

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A text as an event carries it. Serde form: `{"$text": "body"}`; any other single-key object reads as sealed.
#[derive(Clone, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
pub enum Text {
    /// The words are here.
    Body(String),
    /// Only the commitment was read, or the words were erased.
    Sealed,
}

impl Text {
    /// The key under which a body is serialised; the store replaces it by a commitment.
    pub const BODY_KEY: &str = "$text";

    /// The words, if they are here.
    pub fn body(&self) -> Option<&str> {
        match self {
            Self::Body(body) => Some(body),
            Self::Sealed => None,
        }
    }
}

/// Who may read the words of a note or of a piece of evidence.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Everybody at the desk.
    #[default]
    Open,
    /// Editors, admins and auditors, and whoever recorded them.
    Confidential,
}

impl Confidence {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
    pub(crate) fn is_open(&self) -> bool {
        *self == Self::Open
    }

    /// As a line says it.
    pub(crate) fn told(confidential: Option<bool>) -> Self {
        if confidential == Some(true) { Self::Confidential } else { Self::Open }
    }
}

impl From<&str> for Text {
    fn from(body: &str) -> Self {
        Self::Body(body.to_owned())
    }
}

impl From<String> for Text {
    fn from(body: String) -> Self {
        Self::Body(body)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(Self::BODY_KEY, &self.body())?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or its commitment")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
                let mut text = Text::Sealed;
                while let Some(key) = map.next_key::<String>()? {
                    if key == Text::BODY_KEY {
                        text = map.next_value::<Option<String>>()?.map_or(Text::Sealed, Text::Body);
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(text)
            }
        }
        deserializer.deserialize_map(TextVisitor)
    }
}
