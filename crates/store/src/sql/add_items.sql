-- Adds what arrived, each thing once: by the feed's own id, by its address, by its text. $1: JSONB rows of feed, id, address,
-- text (SHA-256s in hexadecimal), URL, title, language, time of publication, now.
INSERT INTO items (feed, guid, address, words, url, title, language, published_at, arrived_at, state)
SELECT j.value->>0, unhex(j.value->>1), unhex(j.value->>2), unhex(j.value->>3), j.value->>4, j.value->>5, j.value->>6,
       j.value->>7, j.value->>8, 'waiting'
  FROM jsonb_each($1) j WHERE true
    ON CONFLICT DO NOTHING RETURNING number
