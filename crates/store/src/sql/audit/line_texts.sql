-- The texts of the same events, packed likewise. A field is a path without spaces, a quoted text has no line breaks.
SELECT group_concat(event, ' '), group_concat(field, ' '), group_concat(json_quote(body), char(10)),
       lower(group_concat(hex(salt), '')) FROM (
