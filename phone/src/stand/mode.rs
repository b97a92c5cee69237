//! What a stand does now, and what it answers then: the one gate in front of every command.

use std::sync::Arc;

use serde_json::Value;
use uuid::Uuid;

use super::StandKeys;
use crate::view::StandMode;

/// An agent who signed in.
#[derive(Clone)]
pub(crate) struct Duty {
    pub(crate) agent: Uuid,
    pub(crate) name: String,
    pub(crate) keys: Arc<StandKeys>,
}

/// What the app does. In memory only: every start of a stand begins closed.
#[derive(Clone, Default)]
pub(crate) enum Mode {
    /// No stand: a student's own phone.
    #[default]
    Phone,
    /// Nobody signed in.
    Closed,
    /// An agent signed in.
    Agent(Duty),
    /// A student fills in this one draft.
    Student(Duty, Uuid),
    /// Nothing is shown until an agent says who they are; no key is in memory.
    Shielded(Uuid),
    /// An agent looks at this one draft, beside the student.
    Checking(Duty, Uuid),
    /// A student is shown what was just finished.
    Finished(Duty),
}

/// What is answered to anyone: nothing of it says anything of anybody.
const OPEN: &[&str] = &["stand"];
/// What is answered while nobody signed in: sealed dossiers go up without a PIN.
const CLOSED: &[&str] = &["stand_set_up", "stand_add_agent", "stand_sign_in", "stand_send"];
/// What a form asks that is of no draft.
const OF_THE_FORM: &[&str] = &["charter", "communes", "look"];
/// What a student does with the one draft.
const OF_THE_STUDENT: &[&str] = &[
    "draft",
    "accept_charter",
    "type_field",
    "set_field",
    "find_schools",
    "tracks",
    "open_picture",
    "frame_picture",
    "keep_picture",
    "close_picture",
    "photo",
    "handover",
];
/// What an agent does with a draft beside the student.
const OF_THE_CHECK: &[&str] = &["stand_alike", "stand_finish", "stand_student"];
/// What an agent does with any draft of the stand.
const OF_THE_AGENT: &[&str] = &[
    "stand_alike",
    "stand_finish",
    "stand_student",
    "stand_check",
    "discard_draft",
    "restore_draft",
];
/// What an agent does that is of no draft.
const ON_DUTY: &[&str] = &[
    "home",
    "stand_readiness",
    "stand_add_agent",
    "stand_sign_out",
    "stand_start",
    "stand_list",
    "stand_redo",
    "stand_drafts",
    "stand_send",
    "stand_report",
    "stand_end",
    "take_handover",
    "read_code",
    "check_card",
    "scan_frame",
    "compare_photo",
    "leave_verdict",
    "checks",
    "find_towns",
    "around",
    "outline",
    "faq",
    "set_metered",
    "sync",
    "close_notice",
];

impl Mode {
    /// Who is on duty.
    pub(crate) fn duty(&self) -> Option<&Duty> {
        match self {
            Self::Phone | Self::Closed | Self::Shielded(_) => None,
            Self::Agent(duty)
            | Self::Student(duty, _)
            | Self::Checking(duty, _)
            | Self::Finished(duty) => Some(duty),
        }
    }

    /// Whether a command is answered now. What a stand does not name it never answers.
    pub(crate) fn answers(&self, command: &str, args: &Value) -> bool {
        if OPEN.contains(&command) {
            return true;
        }
        let draft = args.get("draft").and_then(Value::as_str).and_then(|text| text.parse().ok());
        let of_the_form = || OF_THE_FORM.contains(&command);
        let of_the_student = |which| OF_THE_STUDENT.contains(&command) && draft == Some(which);
        match self {
            Self::Phone => !command.starts_with("stand_") || command == "stand_set_up",
            Self::Closed => CLOSED.contains(&command),
            Self::Shielded(_) => command == "stand_resume",
            Self::Finished(_) => command == "stand_close",
            Self::Student(_, which) => {
                of_the_form() || of_the_student(*which) || command == "stand_shield"
            }
            Self::Checking(_, which) => {
                let of_the_check = OF_THE_CHECK.contains(&command) && draft == Some(*which);
                let leaves = ["stand_close", "stand_shield"].contains(&command);
                of_the_form() || of_the_student(*which) || of_the_check || leaves
            }
            Self::Agent(_) => {
                of_the_form()
                    || OF_THE_STUDENT.contains(&command)
                    || OF_THE_AGENT.contains(&command)
                    || ON_DUTY.contains(&command)
            }
        }
    }

    /// As screens are shown it.
    pub(crate) fn view(&self) -> StandMode {
        match self {
            Self::Phone => StandMode::Phone,
            Self::Closed => StandMode::Closed,
            Self::Agent(duty) => StandMode::Agent { agent: duty.agent },
            Self::Student(_, draft) => StandMode::Student { draft: *draft },
            Self::Shielded(draft) => StandMode::Shielded { draft: *draft },
            Self::Checking(_, draft) => StandMode::Checking { draft: *draft },
            Self::Finished(_) => StandMode::Finished,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::names;
    use serde_json::json;
    use zeroize::Zeroizing;

    fn duty() -> Duty {
        let device = dossier::signed::SigningKey::from_bytes(&[1; 32]);
        let keys = Arc::new(StandKeys { device, prints: Zeroizing::new([2; 32]) });
        Duty { agent: Uuid::from_bytes([1; 16]), name: "Nadia".into(), keys }
    }

    const LINA: Uuid = Uuid::from_bytes([7; 16]);
    const KARIM: Uuid = Uuid::from_bytes([8; 16]);

    /// The commands that are answered when they name this draft.
    fn answered(mode: &Mode, draft: Uuid) -> Vec<&'static str> {
        let args = json!({ "draft": draft });
        names().into_iter().filter(|name| mode.answers(name, &args)).collect()
    }

    #[test]
    fn every_name_of_the_gate_is_a_command() {
        let all = names();
        for list in [OPEN, CLOSED, OF_THE_FORM, OF_THE_STUDENT, OF_THE_CHECK, OF_THE_AGENT, ON_DUTY]
        {
            assert!(list.iter().all(|name| all.contains(name)), "{list:?}");
        }
    }

    #[test]
    fn a_student_reaches_the_one_draft_and_nothing_else() {
        let mode = Mode::Student(duty(), LINA);
        let of_another = answered(&mode, KARIM);
        assert_eq!(of_another, ["charter", "communes", "look", "stand", "stand_shield"]);
        let own = answered(&mode, LINA);
        assert_eq!(own.len(), of_another.len() + OF_THE_STUDENT.len());
        assert!(!mode.answers("draft", &json!({})));
        assert!(!mode.answers("draft", &json!({ "draft": 7 })));
    }

    #[test]
    fn a_stand_that_is_closed_or_shielded_shows_nothing_of_anybody() {
        let closed = ["stand", "stand_set_up", "stand_add_agent", "stand_sign_in", "stand_send"];
        assert_eq!(answered(&Mode::Closed, LINA), closed);
        assert_eq!(answered(&Mode::Shielded(LINA), LINA), ["stand", "stand_resume"]);
        assert_eq!(answered(&Mode::Finished(duty()), LINA), ["stand", "stand_close"]);
    }

    #[test]
    fn an_agent_beside_a_student_sees_that_one_draft() {
        let mode = Mode::Checking(duty(), LINA);
        assert!(mode.answers("stand_finish", &json!({ "draft": LINA })));
        for name in ["stand_finish", "draft", "photo"] {
            assert!(!mode.answers(name, &json!({ "draft": KARIM })), "{name}");
        }
        assert!(!mode.answers("stand_list", &json!({})));
    }

    #[test]
    fn accounts_and_deposits_are_never_reached_at_a_stand() {
        let modes = [Mode::Closed, Mode::Agent(duty()), Mode::Student(duty(), LINA)];
        for name in ["deposit", "sign_in", "reveal_number", "account", "export", "set_password"] {
            for mode in &modes {
                assert!(!mode.answers(name, &json!({ "draft": LINA })), "{name}");
            }
        }
    }
}
