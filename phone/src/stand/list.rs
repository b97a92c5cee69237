//! What was finished here: the list, and the report of the event.

use std::collections::{BTreeMap, HashMap};

use crate::Phone;
use crate::store::{AgentRow, LineRow};
use crate::trouble::Trouble;
use crate::view::{AgentReportView, LineState, LineView, LinesView, StandReportView};

/// Lines of a page: some screens of a tablet.
const PAGE: u32 = 50;

impl Phone {
    /// A page of what was finished here, the last first.
    pub(crate) fn stand_list(&self, after: Option<i64>) -> Result<LinesView, Trouble> {
        let store = self.store();
        let agents = names(store.agents()?);
        let rows = store.lines(after, PAGE + 1)?;
        let more = rows.len() > PAGE as usize;
        let lines: Vec<LineView> =
            rows.into_iter().take(PAGE as usize).map(|row| line_view(row, &agents)).collect();
        let next = lines.last().map(|line| line.line).filter(|_| more);
        Ok(LinesView { lines, next })
    }

    /// What was done at the event.
    pub(crate) fn stand_report(&self) -> Result<StandReportView, Trouble> {
        let store = self.store();
        let (row, _) = self.stand_here(&store)?;
        let agents = names(store.agents()?);
        let lines = store.lines(None, u32::MAX)?;
        let mut by_agent: BTreeMap<&str, u32> =
            agents.values().map(|it| (it.as_str(), 0)).collect();
        for line in &lines {
            let name = agents.get(&line.agent).map_or("", String::as_str);
            *by_agent.entry(name).or_default() += 1;
        }
        let count = |is: &dyn Fn(&LineRow) -> bool| {
            u32::try_from(lines.iter().filter(|line| is(line)).count()).unwrap_or(u32::MAX)
        };
        let heard = store.prints_heard()?;
        let mut met: HashMap<u64, Vec<[u8; 16]>> = HashMap::new();
        for (prints, dossier) in lines
            .iter()
            .map(|line| (&line.prints, line.dossier))
            .chain(heard.iter().map(|row| (&row.prints, row.dossier)))
        {
            if let Some(whole) = prints.first() {
                met.entry(*whole).or_default().push(dossier);
            }
        }
        let is_alike = |line: &LineRow| {
            let others = line.prints.first().and_then(|whole| met.get(whole));
            others.is_some_and(|others| others.iter().any(|other| *other != line.dossier))
        };
        Ok(StandReportView {
            students: count(&|line| !line.redone),
            sealed: count(&|_| true),
            delivered: count(&|line| line.state != LineState::Sealed),
            stuck: count(&|line| line.state == LineState::Stuck),
            unsent: count(&|line| line.state == LineState::Sealed),
            cards: row.cards,
            alike: count(&|line| !line.redone && is_alike(line)),
            open_drafts: u32::try_from(store.drafts()?.len()).unwrap_or(u32::MAX),
            agents: by_agent
                .into_iter()
                .map(|(name, finished)| AgentReportView { name: name.to_owned(), finished })
                .collect(),
        })
    }
}

fn names(agents: Vec<AgentRow>) -> HashMap<[u8; 16], String> {
    agents.into_iter().map(|agent| (agent.id, agent.name)).collect()
}

fn line_view(row: LineRow, agents: &HashMap<[u8; 16], String>) -> LineView {
    LineView {
        line: row.line,
        number: grouped(&row.number),
        initials: row.initials,
        finished_at_ms: row.finished_ms,
        agent: agents.get(&row.agent).cloned().unwrap_or_default(),
        state: row.state,
        redone: row.redone,
    }
}

/// As people read it; what was damaged is shown as it is.
fn grouped(number: &str) -> String {
    let parsed = dossier::number::DossierNumber::parse(number);
    parsed.map_or_else(|_| number.to_owned(), |number| number.to_string())
}
