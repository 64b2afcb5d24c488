//! What every command does in every state, found by deciding it there and rendered as `docs/transitions.md`.
//! Invariant: nothing on that page is written by hand but its headings.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    Actor, Claim, ClaimNumber, Clock, Command, CommandId, Decision, Docket, KeptTexts, Reference, Role, Stamp,
    Standing, State, Text, decide, parse_line,
};

mod rows;

/// A command to try: on C-1, in every state that C-1 can be brought to.
struct Row {
    /// What is tried, as a heading or as the first cell of a row.
    title: &'static str,
    /// What the evidence makes of C-1.
    standing: Standing,
    /// What was said before, while C-1 was still open.
    before: &'static [&'static str],
    /// Who gives the command.
    by: Who,
    /// The command.
    line: &'static str,
}

/// Who works at the desk of this page.
#[derive(Clone, Copy)]
enum Who {
    Eva,
    Ben,
    Worker,
}

impl Who {
    fn actor(self) -> Actor {
        let (name, role) = match self {
            Self::Eva => ("Eva", Role::Editor),
            Self::Ben => ("Ben", Role::Editor),
            Self::Worker => ("worker", Role::Worker),
        };
        Actor { name: Text::from(name), role }
    }
}

const HEAD: &str = "# What each command does in each state

Rendered from the code: every command was decided on a small docket in every state. A test compares this page with
the code; after a change, `HEARSAY_BLESS=1 cargo test -p hearsay-core --test rules transitions` writes it anew.

The claim is C-1; its party is the Kremlin, C-2 is another claim, open. Eva, an editor, gives the commands, where
nobody else is named; it is by her override that C-1 is `corroborated`, `denied` or `disputed`. The open states are `reported`, `corroborated`, `denied` and `disputed`; the closed ones
`retracted`, `unresolved` and `merged`. *Recorded* means that the state stays as it is.
";

/// The page `docs/transitions.md`.
pub fn table() -> String {
    let mut page = String::from(HEAD);
    page.push_str("\n## Transitions\n");
    for row in rows::TRANSITIONS {
        section(&mut page, row.title, &outcomes(row));
    }
    page.push_str("\n## A claim that is not checkable\n");
    for row in rows::NOT_CHECKABLE {
        let mut scene = Scene::opened("not_checkable");
        section(&mut page, row.title, &[(vec![State::Reported], scene.outcome(row))]);
    }
    page.push_str("\n## Everything else\n\n| command | C-1 is | what happens |\n|---|---|---|\n");
    for row in rows::OTHERS {
        for (states, outcome) in outcomes(row) {
            line(&mut page, &format!("| {} | {} | {outcome} |", row.title, label(&states)));
        }
    }
    page.push_str("\n## Whatever state any claim is in\n\n");
    let tried = |name: &&&str| rows::all().any(|row| row.line.contains(&format!("\"do\":\"{name}\"")));
    let elsewhere: Vec<String> =
        Command::NAMES.iter().filter(|name| !tried(name)).map(|name| format!("`{name}`")).collect();
    line(&mut page, &format!("These commands are not about a claim on the docket: {}.", elsewhere.join(", ")));
    page
}

fn section(page: &mut String, title: &str, outcomes: &[(Vec<State>, String)]) {
    line(page, &format!("\n### {title}\n\n| C-1 is | what happens |\n|---|---|"));
    for (states, outcome) in outcomes {
        line(page, &format!("| {} | {outcome} |", label(states)));
    }
}

fn line(page: &mut String, text: &str) {
    page.push_str(text);
    page.push('\n');
}

/// The states as people say them: `open` for all four open ones, `any` for all.
fn label(states: &[State]) -> String {
    if states.len() == State::ALL.len() {
        return "any".to_owned();
    }
    let open: Vec<State> = states.iter().copied().filter(|state| state.is_open()).collect();
    let all_open = open.len() == Standing::ALL.len();
    let mut words: Vec<String> = if all_open { vec!["open".to_owned()] } else { Vec::new() };
    words.extend(
        states.iter().filter(|state| !(all_open && state.is_open())).map(|state| format!("`{}`", state.as_str())),
    );
    words.join(", ")
}

/// What the command does in each state; states in which it does the same, together.
fn outcomes(row: &Row) -> Vec<(Vec<State>, String)> {
    let mut outcomes: Vec<(Vec<State>, String)> = Vec::new();
    for state in State::ALL {
        let outcome = Scene::of(row, state).outcome(row);
        match outcomes.iter_mut().find(|(_, known)| *known == outcome) {
            Some((states, _)) => states.push(state),
            None => outcomes.push((vec![state], outcome)),
        }
    }
    outcomes
}

/// A docket on which commands are tried. What goes wrong while it is set up shows on the page.
struct Scene {
    docket: Docket,
    /// The texts of all events so far: the docket is lent them for each command.
    texts: BTreeMap<u64, KeptTexts>,
    now: Timestamp,
    drawn: u128,
    seq: u64,
    trouble: String,
}

impl Scene {
    /// The register, C-1 of that kind with one origin that affirms it, and C-2.
    fn opened(kind: &str) -> Self {
        let (docket, texts, trouble) = (Docket::default(), BTreeMap::new(), String::new());
        let mut scene = Self { docket, texts, now: rows::EVENING, drawn: 0, seq: 1, trouble };
        for line in rows::REGISTER {
            scene.play(line);
        }
        scene.play(&rows::REPORT.replace("KIND", kind));
        scene.play(rows::OTHER_REPORT);
        scene
    }

    /// C-1 in that state, with evidence that makes it what the row says.
    fn of(row: &Row, state: State) -> Self {
        let mut scene = Self::opened("intention");
        let evidence = rows::evidence_for(row.standing);
        let while_open = if state == State::Retracted { &[] } else { evidence };
        for line in while_open {
            scene.play(line);
        }
        if state.is_open() && state != State::Reported {
            let reason =
                format!(r#"{{"do":"override","claim":"C-1","to":"{}","reason":"set up"}}"#, state.as_str());
            scene.play(&reason);
        }
        for line in row.before.iter().chain(rows::closing(state)) {
            scene.play(line);
        }
        if state == State::Retracted {
            for line in evidence {
                scene.play(line);
            }
        }
        scene.now = rows::A_WEEK_LATER;
        scene
    }

    fn play(&mut self, line: &str) {
        let who = if line == rows::LEAD { Who::Worker } else { Who::Eva };
        if let Err(trouble) = self.say(who, line) {
            self.trouble.push_str(&trouble);
        }
    }

    fn say(&mut self, who: Who, line: &str) -> Result<Decision, String> {
        let command = parse_line(line).map_err(|error| format!("{}: {error}", error.field))?;
        let drawn = &mut self.drawn;
        let mut fresh = || {
            *drawn += 1;
            Uuid::from_u128(*drawn)
        };
        let mut stamp = Stamp {
            now: self.now,
            clock: Clock::Story,
            actor: who.actor(),
            command: CommandId(fresh()),
            next_seq: self.seq,
            fresh: &mut fresh,
        };
        self.docket.texts = self.texts.clone();
        let decision = decide(&self.docket, &command, &mut stamp).map_err(|refusal| refusal.to_string())?;
        for event in &decision.events {
            self.docket.apply(event);
            self.texts.insert(event.seq, KeptTexts::of(event));
            self.seq = event.seq + 1;
        }
        Ok(decision)
    }

    fn claim(&self) -> Option<&Claim> {
        self.docket.claim(&Reference(ClaimNumber(1).to_string()))
    }

    /// Gives the row's command, and says what came of it.
    fn outcome(&mut self, row: &Row) -> String {
        let look = |scene: &Self| {
            let claim = scene.claim()?;
            let waiting = scene.docket.leads_to(claim).proposals.len() + scene.docket.erasures.len();
            Some((claim.state, waiting))
        };
        let before = look(self);
        let said = self.say(row.by, row.line);
        let after = look(self);
        let mut outcome = match (said, before, after) {
            (Err(refusal), _, _) => format!("refused: {refusal}"),
            (Ok(decision), _, _) if decision.events.is_empty() => "nothing changes".to_owned(),
            (Ok(_), Some((from, _)), Some((to, _))) if from != to => format!("→ `{}`", to.as_str()),
            (Ok(_), Some((_, few)), Some((_, more))) if more > few => "waits for a second person".to_owned(),
            (Ok(_), Some((State::Merged, _)), _) => "recorded on C-2, to which its reference leads".to_owned(),
            (Ok(_), _, _) => "recorded".to_owned(),
        };
        if !self.trouble.is_empty() && write!(outcome, " (set up: {})", self.trouble).is_err() {
            outcome.clear();
        }
        outcome
    }
}
