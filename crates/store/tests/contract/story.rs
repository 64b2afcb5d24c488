//! A story in which every command occurs: twelve hours of a desk, retold.

/// The document that its leads were read out of.
pub(crate) const DOCUMENT: &[u8] = b"The story's document, as it was fetched.\n";

/// Every command of the docket at least once; nothing in it is refused.
pub(crate) const STORY: &str = r#"
{"do":"add_source","ref":"kremlin","name":"Kremlin","kind":"institution"}
{"do":"add_source","ref":"peskov","name":"Dmitry Peskov","kind":"person"}
{"do":"relate_source","source":"peskov","speaks_for":"kremlin","since":"2012-05-22T00:00:00Z","reason":"Appointed in May"}
{"do":"relate_source","source":"peskov","speaks_for":null,"until":"2012-06-01T00:00:00Z"}
{"do":"add_source","ref":"ft","name":"Financial Times","kind":"outlet","aliases":["FT"],"reliability":"B"}
{"do":"add_source","ref":"reuters","name":"Reuters","kind":"agency","reliability":"A"}
{"do":"add_source","ref":"media-holding","name":"Rossiya Segodnya","kind":"institution","part_of":"kremlin"}
{"do":"add_source","ref":"novosti","name":"RIA Novosti","kind":"agency","part_of":"media-holding","reliability":"D"}
{"do":"add_source","ref":"ria-channel","name":"RIA on Telegram","kind":"outlet"}
{"do":"alias_source","source":"novosti","alias":"РИА Новости"}
{"do":"merge_sources","source":"ria-channel","into":"novosti","reason":"Its own channel"}
{"do":"add_source","ref":"insiders","name":"People briefed on the talks","kind":"unnamed","part_of":"kremlin"}
{"do":"add_source","ref":"kyiv","name":"Office of the President","kind":"institution"}
{"do":"add_source","ref":"zelensky","name":"Volodymyr Zelensky","kind":"person","speaks_for":"kyiv"}
{"do":"set_policy","name":"strict","origins":3,"four_eyes":["ruling","override"],"reason":"Front-page matters"}
{"do":"set_policy","name":"strict","answer_within":"12h","review_within":"48h"}
{"do":"report_claim","ref":"offer","text":"Putin offered in April 2025 to stop at the café line","kind":"intention","topic":"ukraine-war","language":"en","priority":"high","tags":["talks"],"parties":[{"source":"kremlin","interest":"against"}],"evidence":{"ref":"e-ft","source":"ft","stance":"affirms","footing":"unnamed_sources","count":3,"described_as":"three people close to it","url":"https://example.org/ft/1","title":"An offer to halt","quote":"He would stop where he stands","said_at":"2025-04-22T08:00:00Z"}}
{"do":"record_follow_up","claim":"offer","evidence":{"ref":"e-reuters","source":"reuters","stance":"affirms","footing":"relays","relays":"FT","said_at":"2025-04-22T08:30:00Z"}}
{"do":"record_follow_up","claim":"C-1","evidence":{"source":"ria-channel","stance":"affirms","footing":"relays","relays":"e-reuters","said_at":"2025-04-22T08:40:00Z"}}
{"do":"record_follow_up","claim":"offer","evidence":{"ref":"e-fakes","source":"peskov","via":"РИА новости","stance":"neutral","manner":"deflects","framed_as":"denies","quote":"Very many fakes are published","said_at":"2025-04-22T09:00:00Z"}}
{"do":"note","claim":"C-1","text":"Ask the Élysée who else was told"}
{"do":"note","claim":"offer","text":"Desk editor wants a call by noon"}
{"do":"assign","claim":"offer","to":"benedict"}
{"do":"set_priority","claim":"offer","priority":"urgent"}
{"do":"set_review","claim":"offer","until":"2025-04-22T12:00:00Z"}
{"do":"mark_overdue","claim":"offer"}
{"do":"tag","claim":"offer","tag":"peace"}
{"do":"tag","claim":"offer","tag":"front-page"}
{"do":"untag","claim":"offer","tag":"peace"}
{"do":"record_follow_up","claim":"offer","evidence":{"ref":"e-denial","source":"Dmitry Peskov","stance":"denies","footing":"own","said_at":"2025-04-22T10:00:00Z"}}
{"do":"advance","claim":"offer","to":"denied","reason":"On the record at last"}
{"do":"record_follow_up","claim":"offer","evidence":{"ref":"e-own","source":"reuters","stance":"affirms","footing":"named_sources","count":2,"credibility":2,"said_at":"2025-04-22T11:00:00Z"}}
{"do":"advance","claim":"offer","to":"disputed"}
{"do":"link_origins","claim":"offer","evidence":["e-ft","e-own"],"reason":"The same leak after all"}
{"do":"report_claim","ref":"crimea","text":"Kyiv will not recognise the occupation of Crimea","kind":"statement","policy":"strict","parties":[{"source":"zelensky","interest":"neutral"}],"evidence":{"ref":"e-crimea","source":"zelensky","stance":"affirms","footing":"own","said_at":"2025-04-22T09:30:00Z"}}
{"do":"set_party","claim":"crimea","source":"kremlin","interest":"against","reason":"It is about them as well"}
{"do":"request_answer","claim":"crimea","of":"kremlin","until":"2025-04-22T11:00:00Z"}
{"do":"record_silence","claim":"crimea","of":"peskov"}
{"do":"advance","claim":"crimea","to":"corroborated"}
{"do":"propose_ruling","claim":"crimea","rating":"True","summary":"He said so on camera"}
ben {"do":"approve","claim":"crimea"}
{"do":"correct_ruling","claim":"crimea","rating":"Mostly true","summary":"He said: legally","reason":"One word was missing"}
ben {"do":"decline","claim":"crimea","reason":"The word does not matter"}
{"do":"override","claim":"crimea","to":"disputed","reason":"A second camera shows otherwise"}
ben {"do":"approve","claim":"crimea"}
{"do":"report_claim","ref":"kursk","text":"At least 99 % of Kursk region is back under control","kind":"quantity","topic":"ukraine-war","evidence":{"ref":"e-kursk","source":"ft","stance":"affirms","footing":"unknown","said_at":"2025-04-22T08:00:00Z"}}
{"do":"close","claim":"kursk","as":"unresolved","reason":"Nobody can go and look"}
{"do":"reopen","claim":"kursk","reason":"A satellite picture came in"}
{"do":"report_claim","ref":"bait","text":"The offer is bait","kind":"not_checkable","evidence":{"source":"ft","stance":"affirms","footing":"unnamed_sources","said_at":"2025-04-22T08:00:00Z"}}
{"do":"link_claims","claim":"bait","follows_from":"offer"}
{"do":"link_claims","claim":"offer","contradicts":"crimea"}
{"do":"report_claim","ref":"twin","text":"Moscow would halt its advance","kind":"intention","tags":["twin-tag"],"parties":[{"source":"novosti","interest":"in_favour"}],"evidence":{"ref":"e-twin","source":"insiders","via":"ft","stance":"affirms","footing":"own","said_at":"2025-04-22T08:00:00Z"}}
{"do":"report_claim","ref":"triplet","text":"An end at the present line was put forward","kind":"intention","evidence":{"ref":"e-triplet","source":"novosti","stance":"affirms","footing":"document","said_at":"2025-04-22T08:05:00Z"}}
{"do":"link_claims","claim":"triplet","contradicts":"kursk"}
{"do":"note","claim":"triplet","text":"Looks like the same thing"}
{"do":"merge","claim":"triplet","into":"twin","reason":"The same sentence in other words"}
{"do":"record_export","format":"jsonl","filter":"--claim offer","events":12,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
{"do":"merge","claim":"twin","into":"offer","reason":"And so is this one"}
{"do":"record_follow_up","claim":"triplet","evidence":{"ref":"e-late","source":"kyiv","stance":"denies","footing":"document","said_at":"2025-04-22T11:30:00Z"}}
{"do":"note","claim":"twin","text":"Written under its old name"}
{"do":"withdraw_evidence","evidence":"e-ft","reason":"The paper took it down","said_at":"2025-04-22T12:30:00Z"}
{"do":"strike_evidence","evidence":"e-triplet","reason":"Mistranslated"}
{"do":"rate_source","source":"FT","reliability":"C","reason":"Withdrew it"}
{"do":"record_standing","claim":"offer"}
{"do":"set_policy","name":"default","origins":1}
{"do":"record_follow_up","claim":"bait","evidence":{"ref":"e-gone","source":"ft","stance":"neutral","manner":"discusses","footing":"own","quote":"A name that has to go","said_at":"2025-04-22T09:00:00Z"}}
{"do":"erase","evidence":"e-gone","basis":"GDPR, article 17","reason":"The person asked"}
ben {"do":"approve","claim":"bait"}
{"do":"erase","evidence":"e-ft","basis":"GDPR, article 17"}
{"do":"hold","claim":"kursk","reason":"Case 17"}
{"do":"note","claim":"kursk","text":"Heard in confidence","confidential":true}
{"do":"release","claim":"kursk","reason":"Settled"}
{"do":"hold","claim":"kursk","reason":"Case 18"}
{"do":"set_policy","name":"default","auto_record":[{"source":"kremlin","feed":"F-1","over":900}]}
bot {"do":"lay_lead","claim":"kursk","item":"I-1","feed":"F-1","confidence":950,"evidence":{"speaker":"Peskov","source":"peskov","stance":"neutral","manner":"discusses","footing":"own","via":"novosti","quote":"We heard of the region","prefix":"He said: ","suffix":" and left","title":"A briefing","url":"https://example.org/briefing","snapshot":"f5f9bc89b9a23ced19c4ec711819ae3b9a73a9e63a9c5193ceee767df65d8fa5","said_at":"2025-04-22T12:00:00Z"},"because":[{"rule":"cue:said","start":4,"end":8}]}
{"do":"undo_record","lead":"L-1","reason":"He spoke of another region"}
bot {"do":"lay_lead","claim":"kursk","item":"I-2","confidence":500,"evidence":{"speaker":"RIA","source":"novosti","stance":"neutral","footing":"own","quote":"The region was mentioned","snapshot":"f5f9bc89b9a23ced19c4ec711819ae3b9a73a9e63a9c5193ceee767df65d8fa5","said_at":"2025-04-22T12:00:00Z"}}
bot {"do":"lay_lead","claim":"kursk","item":"I-3","document":"I-2","confidence":400,"evidence":{"speaker":"RIA","source":"novosti","stance":"neutral","via":"ft","url":"https://example.org/again","said_at":"2025-04-22T12:00:00Z"}}
{"do":"accept_lead","lead":"L-2","manner":"discusses"}
bot {"do":"lay_lead","claim":"kursk","item":"I-4","confidence":300,"evidence":{"speaker":"A blogger","stance":"denies","footing":"own","said_at":"2025-04-22T12:00:00Z"}}
{"do":"dismiss_lead","lead":"L-3","reason":"It was a joke"}
bot {"do":"lay_lead","claim":"kursk","item":"I-5","feed":"F-2","confidence":700,"evidence":{"speaker":"Peskov","source":"peskov","stance":"denies","quote":"It is not so","said_at":"2025-04-22T12:00:00Z"}}
"#;

/// Words that stand in the story's texts, names and handles, and nowhere else.
pub(crate) const WORDS: &[&str] = &[
    "Kremlin",
    "Peskov",
    "Financial",
    "Reuters",
    "Rossiya",
    "RIA",
    "РИА",
    "briefed",
    "Zelensky",
    "President",
    "café",
    "Putin",
    "Crimea",
    "close to it",
    "example.org",
    "An offer",
    "stands",
    "fakes",
    "Élysée",
    "noon",
    "benedict",
    "On the record",
    "same leak",
    "about them",
    "on camera",
    "legally",
    "missing",
    "matter",
    "second camera",
    "Kursk",
    "go and look",
    "satellite",
    "bait",
    "halt its",
    "put forward",
    "Looks like",
    "other words",
    "so is this",
    "old name",
    "took it down",
    "Mistranslated",
    "Withdrew",
    "Appointed",
    "own channel",
    "Front-page",
    "\"ana\"",
    "\"ben\"",
    "e-ft",
    "peskov",
    "triplet",
];

/// Two rated outlets, an unrated one, a party, and two claims.
pub(crate) const BASICS: &str = r#"
{"do":"add_source","ref":"kremlin","name":"Kremlin","kind":"institution"}
{"do":"add_source","ref":"ft","name":"Financial Times","kind":"outlet","reliability":"B"}
{"do":"add_source","ref":"reuters","name":"Reuters","kind":"agency","reliability":"A"}
{"do":"add_source","ref":"blog","name":"A blog","kind":"outlet"}
{"do":"report_claim","ref":"offer","text":"An offer was made","kind":"event","parties":[{"source":"kremlin","interest":"against"}],"evidence":{"ref":"e1","source":"ft","stance":"affirms","footing":"unnamed_sources","said_at":"2025-04-22T15:00:00Z"}}
{"do":"report_claim","ref":"truce","text":"The truce was broken","kind":"event","evidence":{"ref":"t1","source":"reuters","stance":"affirms","footing":"own","said_at":"2025-04-22T15:00:00Z"}}
"#;

/// Evidence on the claim, as a line.
pub(crate) fn follow_up(claim: &str, source: &str, stance: &str, footing: &str) -> String {
    format!(
        r#"{{"do":"record_follow_up","claim":"{claim}","evidence":{{"source":"{source}","stance":"{stance}","footing":"{footing}","said_at":"2025-04-22T15:30:00Z"}}}}"#
    )
}

/// A note on the claim, as a line.
pub(crate) fn note(claim: &str, text: &str) -> String {
    format!(r#"{{"do":"note","claim":"{claim}","text":"{text}"}}"#)
}
