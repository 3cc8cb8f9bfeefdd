// The peer's side of bench/engine: rsigma's engine in a process of its own, one thread, told what to do line by line.
//   rules FOLDER             loads every rule file in order            -> "RULES REFUSED MILLISECONDS"
//   routing on|off           by the event's product, service, category -> "ok"
//   time FILE                parses and evaluates every line           -> "NANOSECONDS", of processor time where Linux tells it
//   match FILE OUT           the same, untimed; ids of each line's hits, one line each, into OUT -> "ok"
//   memory                                                             -> "KILOBYTES"
use std::io::{BufRead, Write};
use std::time::Instant;

use rsigma_eval::{Engine, JsonEvent, LogSourceExtractor};
use rsigma_parser::{parse_sigma_yaml, SigmaRule};

fn main() {
    let mut engine = Engine::new();
    for command in std::io::stdin().lock().lines() {
        let command = command.expect("a line of text");
        let words: Vec<&str> = command.split(' ').collect();
        let answer = match words[..] {
            ["rules", folder] => {
                let started = Instant::now();
                let (fresh, refused) = load(folder);
                engine = fresh;
                format!("{} {} {}", engine.rule_count(), refused, started.elapsed().as_millis())
            }
            ["routing", way] => {
                engine.set_logsource_extractor((way == "on").then(LogSourceExtractor::default));
                "ok".to_string()
            }
            ["time", file] => {
                let lines = read(file);
                let started = (Instant::now(), processor_nanoseconds());
                for line in lines.lines() {
                    let value: serde_json::Value = serde_json::from_str(line).expect("an event");
                    std::hint::black_box(engine.evaluate(&JsonEvent::borrow(&value)));
                }
                match (started.1, processor_nanoseconds()) {
                    (Some(before), Some(after)) => format!("{}", after - before),
                    _ => format!("{}", started.0.elapsed().as_nanos()),
                }
            }
            ["match", file, out] => {
                let mut text = String::new();
                for line in read(file).lines() {
                    let value: serde_json::Value = serde_json::from_str(line).expect("an event");
                    let met = engine.evaluate(&JsonEvent::borrow(&value));
                    let ids: Vec<&str> = met.iter().map(|hit| hit.header.rule_id.as_deref().unwrap_or("")).collect();
                    text.push_str(&ids.join(" "));
                    text.push('\n');
                }
                std::fs::write(out, text).expect("a file to write to");
                "ok".to_string()
            }
            ["memory"] => read("/proc/self/status").lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0").trim().trim_end_matches(" kB").to_string(),
            _ => panic!("expected a command, got {command}"),
        };
        println!("{answer}");
        std::io::stdout().flush().expect("a reader");
    }
}

/// One rule at a time: a file that is refused refuses nothing else.
fn load(folder: &str) -> (Engine, usize) {
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    let mut rules: Vec<SigmaRule> = Vec::new();
    let mut refused = 0;
    for file in &files {
        match parse_sigma_yaml(&std::fs::read_to_string(file).expect("a rule")) {
            Ok(collection) if !collection.rules.is_empty() => rules.extend(collection.rules),
            _ => refused += 1,
        }
    }
    let mut engine = Engine::new();
    refused += engine.add_rules(&rules).len();
    (engine, refused)
}

/// How long this thread has run: the first number of its schedstat.
fn processor_nanoseconds() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok()
}

fn read(file: &str) -> String {
    std::fs::read_to_string(file).expect("a file")
}
