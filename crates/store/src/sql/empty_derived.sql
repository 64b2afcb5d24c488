-- Empties every table that is derived from the record; begins the transaction in which they are refilled.
BEGIN IMMEDIATE;
DELETE FROM handles;
DELETE FROM sources;
DELETE FROM source_names;
DELETE FROM relations;
DELETE FROM policies;
DELETE FROM claim_heads;
DELETE FROM claims;
DELETE FROM claim_parties;
DELETE FROM claim_tags;
DELETE FROM claim_links;
DELETE FROM evidence;
DELETE FROM claim_search;
DELETE FROM erased_texts;
DELETE FROM erasures;
DELETE FROM tree_hashes;
