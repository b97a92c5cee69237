//! A question that is asked often, and its answer.

use super::List;
use super::refusal::PackRefusal;

/// A question and its answer, in the small part of Markdown that the charter uses too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// One line.
    pub question: String,
    /// Paragraphs and `- ` lists.
    pub answer: String,
}

/// Each `## ` line begins a question; what stands before the first is a title.
pub(super) fn read(text: &str) -> Result<Vec<Question>, PackRefusal> {
    let text = text.replace("\r\n", "\n");
    let mut found = Vec::new();
    for part in text.split("\n## ").skip(1) {
        let (question, answer) = part.split_once('\n').unwrap_or((part, ""));
        let question = Question { question: question.trim().into(), answer: answer.trim().into() };
        if question.question.is_empty() || question.answer.is_empty() {
            return Err(PackRefusal::Empty { list: List::Faq });
        }
        found.push(question);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_heading_begins_a_question() {
        let read = read("# Questions\n\n## Une ?\n\nOui.\n\n- bien\n\n## Deux ?\r\n\r\nNon.\r\n");
        let read = read.unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(read[0], Question { question: "Une ?".into(), answer: "Oui.\n\n- bien".into() });
        assert_eq!(read[1].answer, "Non.");
    }

    #[test]
    fn a_question_without_an_answer_refuses_the_list() {
        assert!(read("\n## Une ?\n\n## Deux ?\n\nNon.\n").is_err());
    }
}
