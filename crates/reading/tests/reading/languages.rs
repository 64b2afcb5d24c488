//! Russian and Ukrainian cues, and names in whatever case they stand.

use hearsay_core::{Manner, Stance};
use hearsay_reading::read;

use crate::desk::{KREMLIN, PESKOV, ZELENSKY, item, names, of};

fn language(text: &str) -> Option<String> {
    read(&item("", text), &names()).language
}

#[test]
fn a_text_tells_its_language() {
    assert_eq!(
        language("The minister said that the talks are over and that nothing was agreed.").as_deref(),
        Some("en")
    );
    assert_eq!(
        language("В Кремле заявили, что переговоры закончены и что ничего не было решено.").as_deref(),
        Some("ru")
    );
    assert_eq!(
        language("У Кремлі заявили, що переговори закінчено і що нічого не було вирішено.").as_deref(),
        Some("uk")
    );
    assert_eq!(
        language("Le ministre a dit que les discussions sont finies et que rien n'est décidé.").as_deref(),
        Some("fr")
    );
}

#[test]
fn names_are_found_in_every_case() {
    for text in
        ["Слова Пескова", "Пескову задали вопрос", "Беседа с Песковым", "Источник в Кремле", "Ответ Кремля"]
    {
        let mentions = read(&item("", text), &names()).mentions;
        let wanted = if text.contains("Песков") { PESKOV } else { KREMLIN };
        assert_eq!(mentions.iter().map(|mention| mention.source).collect::<Vec<_>>(), [wanted], "{text}");
    }
    for text in ["Слова Зеленського", "Розмова із Зеленським", "Питання до Пєскова"]
    {
        let mentions = read(&item("", text), &names()).mentions;
        let wanted = if text.contains("Зеленськ") { ZELENSKY } else { PESKOV };
        assert_eq!(mentions.iter().map(|mention| mention.source).collect::<Vec<_>>(), [wanted], "{text}");
    }
}

#[test]
fn a_russian_denial_is_caught() {
    let text =
        "Песков, отвечая на вопрос о статье Evening Courier, сказал: «Это неправда, ничего подобного не было».";
    assert_eq!(of(PESKOV, "", text).stance, Stance::Denies);
}

#[test]
fn a_russian_refusal_is_declining() {
    let text = "Песков отказался комментировать публикацию Evening Courier о заморозке войны.";
    let bearing = of(PESKOV, "", text);
    assert_eq!((bearing.stance, bearing.manner), (Stance::Neutral, Some(Manner::Declines)));
}

#[test]
fn a_ukrainian_denial_is_caught() {
    let text = "Пєсков про статтю Evening Courier сказав: «Це брехня, нічого подібного не було».";
    assert_eq!(of(PESKOV, "", text).stance, Stance::Denies);
}
