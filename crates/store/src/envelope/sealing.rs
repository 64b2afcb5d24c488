//! Writes an event as canonical JSON in one walk, and takes the texts out on the way.
//! Invariant: keys are sorted by their UTF-16 code units and numbers are whole; `serde_json` escapes strings as RFC 8785
//! wants it.

use std::borrow::Cow;

use hearsay_core::{Event, Text};
use serde::Serialize;
use serde::ser::{Error as _, Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant};
use serde::ser::{SerializeTuple, Serializer};
use serde_json::{Error, Value};

use super::{COMMITMENT, DATA, Sealed, SealedText, commitment};

/// Room for most envelopes, in bytes.
const ENVELOPE: usize = 2_048;

/// The envelope as far as it is written.
pub(super) struct Sealing<'a> {
    out: Vec<u8>,
    /// Where members are put in order.
    sorted: Vec<u8>,
    /// The members of the objects that are open, outermost first.
    members: Vec<Member>,
    path: String,
    salt: &'a dyn Fn() -> [u8; 16],
    texts: Vec<SealedText>,
}

/// A member of an object, and where it begins; it ends with a comma.
struct Member {
    key: Cow<'static, str>,
    start: usize,
}

impl<'a> Sealing<'a> {
    /// The event as it is stored.
    pub(super) fn seal(event: &Event, salt: &'a dyn Fn() -> [u8; 16]) -> Result<Sealed, Error> {
        let mut sealing = Self {
            out: Vec::with_capacity(ENVELOPE),
            sorted: Vec::with_capacity(ENVELOPE),
            members: Vec::new(),
            path: String::new(),
            salt,
            texts: Vec::new(),
        };
        event.serialize(&mut sealing)?;
        let envelope = String::from_utf8(sealing.out).map_err(Error::custom)?;
        let leaf = hearsay_ledger::leaf_hash(envelope.as_bytes());
        Ok(Sealed { envelope, leaf, texts: sealing.texts })
    }

    fn plain(&mut self, value: impl Serialize) -> Result<(), Error> {
        serde_json::to_writer(&mut self.out, &value)
    }

    /// Goes one step down the path, and back up; what is written ends with a comma.
    fn within<T: Serialize + ?Sized>(&mut self, step: &str, inner: &T) -> Result<(), Error> {
        let length = self.path.len();
        self.step(step);
        inner.serialize(&mut *self)?;
        self.path.truncate(length);
        self.out.push(b',');
        Ok(())
    }

    fn step(&mut self, step: &str) {
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(step);
    }

    fn open<'s>(&'s mut self) -> Object<'s, 'a> {
        let (start, first) = (self.out.len(), self.members.len());
        self.out.push(b'{');
        Object { sealing: self, start, first, key: None, text: None, outside: None }
    }

    /// Ends an object or an array: the comma behind its last part gives way.
    fn close(&mut self, bracket: u8) {
        if self.out.last() == Some(&b',') {
            self.out.pop();
        }
        self.out.push(bracket);
    }

    fn sort_members(&mut self, first: usize) {
        let members = &mut self.members[first..];
        if members.is_sorted_by(|a, b| a.key.is_ascii() && a.key <= b.key) {
            return;
        }
        let start = members[0].start;
        let ends = members.iter().skip(1).map(|next| next.start).chain([self.out.len()]);
        let mut spans: Vec<_> = members.iter().zip(ends).map(|(it, end)| (&it.key, it.start..end)).collect();
        spans.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
        self.sorted.clear();
        for (_, span) in spans {
            self.sorted.extend_from_slice(&self.out[span]);
        }
        self.out[start..].copy_from_slice(&self.sorted);
    }

    fn text(&mut self, body: String) {
        let field = self.path.strip_prefix(DATA).unwrap_or(&self.path).to_owned();
        let text = SealedText { field, salt: (self.salt)(), body };
        let hash = commitment(&text.salt, &text.field, &text.body);
        for part in ["{\"", COMMITMENT, "\":\"", &hash, "\"}"] {
            self.out.extend_from_slice(part.as_bytes());
        }
        self.texts.push(text);
    }
}

/// An object that is being written.
pub(super) struct Object<'s, 'a> {
    sealing: &'s mut Sealing<'a>,
    start: usize,
    first: usize,
    key: Option<String>,
    /// The text that the object stands for.
    text: Option<String>,
    /// The path's length outside of the object around it, which the object's end ends too.
    outside: Option<usize>,
}

impl Object<'_, '_> {
    fn member<T: Serialize + ?Sized>(&mut self, key: Cow<'static, str>, value: &T) -> Result<(), Error> {
        if key == Text::BODY_KEY
            && let Value::String(body) = serde_json::to_value(value)?
        {
            self.text = Some(body);
            return Ok(());
        }
        let start = self.sealing.out.len();
        self.sealing.plain(&key)?;
        self.sealing.out.push(b':');
        self.sealing.within(&key, value)?;
        self.sealing.members.push(Member { key, start });
        Ok(())
    }

    fn close(self) {
        let Self { sealing, start, first, key: _, text, outside } = self;
        if let Some(body) = text {
            sealing.out.truncate(start);
            sealing.text(body);
        } else {
            sealing.sort_members(first);
            sealing.close(b'}');
        }
        sealing.members.truncate(first);
        if let Some(length) = outside {
            sealing.path.truncate(length);
            sealing.out.push(b'}');
        }
    }
}

/// An array that is being written.
pub(super) struct Array<'s, 'a> {
    sealing: &'s mut Sealing<'a>,
    length: usize,
}

macro_rules! plain {
    ($($method:ident: $kind:ty),+) => {
        $(fn $method(self, value: $kind) -> Result<(), Error> {
            self.plain(value)
        })+
    };
}

impl<'s, 'a> Serializer for &'s mut Sealing<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Array<'s, 'a>;
    type SerializeTuple = Array<'s, 'a>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Object<'s, 'a>;
    type SerializeStruct = Object<'s, 'a>;
    type SerializeStructVariant = Object<'s, 'a>;

    plain!(serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64);
    plain!(serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64);
    plain!(serialize_char: char, serialize_str: &str, serialize_bytes: &[u8]);

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        Err(Error::custom(format_args!("an envelope holds whole numbers only, not `{value}`")))
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.plain(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.plain(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Error> {
        self.plain(())
    }

    fn serialize_unit_variant(self, _name: &'static str, _index: u32, variant: &'static str) -> Result<(), Error> {
        self.plain(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _name: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let mut object = self.open();
        object.member(Cow::Borrowed(variant), value)?;
        object.close();
        Ok(())
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<Array<'s, 'a>, Error> {
        self.out.push(b'[');
        Ok(Array { sealing: self, length: 0 })
    }

    fn serialize_tuple(self, length: usize) -> Result<Array<'s, 'a>, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
        Err(Error::custom(format_args!("an envelope's fields have names, but not those of `{name}`")))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        length: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        self.serialize_tuple_struct(name, length)
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Object<'s, 'a>, Error> {
        Ok(self.open())
    }

    fn serialize_struct(self, _name: &'static str, _length: usize) -> Result<Object<'s, 'a>, Error> {
        Ok(self.open())
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Object<'s, 'a>, Error> {
        let outside = Some(self.path.len());
        self.out.push(b'{');
        self.plain(variant)?;
        self.out.push(b':');
        self.step(variant);
        Ok(Object { outside, ..self.open() })
    }
}

impl SerializeSeq for Array<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let step = self.length.to_string();
        self.length += 1;
        self.sealing.within(&step, value)
    }

    fn end(self) -> Result<(), Error> {
        self.sealing.close(b']');
        Ok(())
    }
}

impl SerializeTuple for Array<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<(), Error> {
        SerializeSeq::end(self)
    }
}

impl SerializeMap for Object<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let Value::String(key) = serde_json::to_value(key)? else {
            return Err(Error::custom("an envelope's keys are texts"));
        };
        self.key = Some(key);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let key = self.key.take().ok_or_else(|| Error::custom("a value has no key"))?;
        self.member(Cow::Owned(key), value)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl SerializeStruct for Object<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.member(Cow::Borrowed(key), value)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl SerializeStructVariant for Object<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.member(Cow::Borrowed(key), value)
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}
