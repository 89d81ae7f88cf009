use std::net::IpAddr;

use futures_util::future::join_all;

use super::*;

fn at(address: &str) -> Source {
    Source::from(Some(address.parse::<IpAddr>().unwrap()))
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

async fn admit(gate: &Gate, password: &str, from: Source) -> Result<(), Denied> {
    gate.admit(&secret(password), from, Worth::Entry).await
}

#[tokio::test(start_paused = true)]
async fn both_gates_take_the_right_password_only() {
    let right = secret("right horse");
    let hashed = Gate::hashed(password::hash(&right).unwrap()).unwrap();
    for gate in [Gate::plain(&right, "one".to_owned()), hashed] {
        for _ in 0..2 {
            assert_eq!(admit(&gate, "right horse", Source::Unknown).await, Ok(()));
        }
        for wrong in ["wrong", "", &"x".repeat(1 << 20)] {
            assert_eq!(admit(&gate, wrong, Source::Unknown).await, Err(Denied::Wrong));
        }
        assert_eq!(admit(&gate, "right horse", Source::Unknown).await, Ok(()), "wrong ones lock nobody out");
    }
}

#[tokio::test(start_paused = true)]
async fn a_remembered_password_is_known_for_a_while_only() {
    let right = secret("right horse");
    let gate = Gate::hashed(password::hash(&right).unwrap()).unwrap();
    let Right::Hash(phc) = &gate.admin else { panic!("a hash") };
    let tag = tag(&gate.key, phc.expose_secret(), &right);
    assert!(!gate.shared.knows(&gate.admin, &tag));
    admit(&gate, "right horse", Source::Unknown).await.unwrap();
    assert!(gate.shared.knows(&gate.admin, &tag));
    tokio::time::advance(REMEMBERED).await;
    assert!(!gate.shared.knows(&gate.admin, &tag));
}

#[tokio::test(start_paused = true)]
async fn an_account_is_known_by_its_own_hash_alone() {
    let gate = Gate::plain(&secret("right horse"), "one".to_owned());
    let (right, wrong) = (secret("correct staple"), secret("right horse"));
    let phc = secret(&password::hash(&right).unwrap());
    let ask = async |phc: Option<&SecretString>, password: &SecretString| {
        gate.admit_account(phc, password, Source::Unknown, Worth::Entry).await
    };
    for _ in 0..2 {
        assert_eq!(ask(Some(&phc), &right).await, Ok(()));
    }
    assert_eq!(ask(Some(&phc), &wrong).await, Err(Denied::Wrong));
    assert_eq!(ask(None, &right).await, Err(Denied::Wrong));
    let changed = secret(&password::hash(&wrong).unwrap());
    assert_eq!(ask(Some(&changed), &right).await, Err(Denied::Wrong));
}

#[tokio::test(start_paused = true)]
async fn guessers_wait_and_the_operator_does_not() {
    let gate = Gate::plain(&secret("right horse"), "one".to_owned());
    let address = at("192.0.2.1");
    let start = Instant::now();
    for _ in 0..4 {
        assert_eq!(admit(&gate, "guess", address).await, Err(Denied::Wrong));
    }
    assert!(start.elapsed() >= Duration::from_millis(250 + 500 + 1000 + 2000));
    let start = Instant::now();
    assert_eq!(admit(&gate, "right horse", address).await, Ok(()));
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn whoever_hangs_up_keeps_the_place_for_its_wait() {
    let gate = Gate::plain(&secret("right horse"), "one".to_owned());
    for _ in 0..40 {
        // A guesser who gives up a guess as wrong after a moment.
        let guess = admit(&gate, "guess", at("192.0.2.1"));
        let _ = tokio::time::timeout(Duration::from_millis(100), guess).await;
    }
    let looked_at = gate.line.failures(at("192.0.2.1"));
    assert!(looked_at <= 8, "in four seconds, {looked_at}");
}

#[tokio::test(start_paused = true)]
async fn a_password_without_its_second_factor_is_answered_like_a_wrong_one_and_as_late() {
    let gate = Gate::plain(&secret("right horse"), "one".to_owned());
    let phc = secret(&password::hash(&secret("correct staple")).unwrap());
    // It has been right before, and is remembered.
    gate.admit_account(Some(&phc), &secret("correct staple"), at("192.0.2.9"), Worth::Entry).await.unwrap();
    let mut took = Vec::new();
    for (from, password) in [("192.0.2.1", "correct staple"), ("192.0.2.2", "wrong staple")] {
        let start = Instant::now();
        for _ in 0..3 {
            let answer = gate.admit_account(Some(&phc), &secret(password), at(from), Worth::Nothing).await;
            assert_eq!(answer, Err(Denied::Wrong));
        }
        took.push(start.elapsed());
    }
    assert_eq!(took[0], took[1], "the clock stands while argon2 runs, which both do");
}

/// So many threads at each address guess for ever, each with one request at a time that it sends again at once.
async fn guess(gate: &Gate, addresses: usize, threads: usize) {
    let threads = (0..addresses * threads).map(|n| async move {
        let from = at(&format!("192.0.2.{}", n % addresses));
        loop {
            if admit(gate, &format!("guess {n}"), from).await == Err(Denied::TooMany) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    });
    join_all(threads).await;
}

/// How long the right password takes from there when the guessers have been at it for a while.
async fn under_attack(addresses: usize, threads: usize, from: Source) -> Duration {
    let right = secret("correct staple");
    let gate = Gate::plain(&secret("right horse"), "one".to_owned());
    let phc = secret(&password::hash(&right).unwrap());
    let legitimate = async {
        let mut longest = Duration::ZERO;
        for _ in 0..3 {
            tokio::time::sleep(Duration::from_secs(61)).await;
            // Not remembered: the first time that it is typed.
            gate.shared.remembered.lock().unwrap().clear();
            let start = Instant::now();
            assert_eq!(gate.admit_account(Some(&phc), &right, from, Worth::Entry).await, Ok(()));
            longest = longest.max(start.elapsed());
        }
        longest
    };
    tokio::select! {
        () = guess(&gate, addresses, threads) => Duration::MAX,
        longest = legitimate => longest,
    }
}

#[tokio::test(start_paused = true)]
async fn six_guessing_threads_at_ones_own_address_keep_nobody_out() {
    let longest = under_attack(1, 6, at("192.0.2.0")).await;
    assert!(longest < Duration::from_secs(10), "{longest:?}");
}

#[tokio::test(start_paused = true)]
async fn eighteen_guessing_addresses_keep_nobody_out() {
    let longest = under_attack(18, 6, at("198.51.100.1")).await;
    assert!(longest < Duration::from_secs(10), "{longest:?}");
    let longest = under_attack(18, 6, at("192.0.2.3")).await;
    assert!(longest < Duration::from_secs(20), "at the address of one of them: {longest:?}");
}

#[tokio::test(start_paused = true)]
async fn guessers_are_as_slow_as_ever() {
    let gate = Gate::plain(&secret("right horse"), "one".to_owned());
    let minute = Duration::from_secs(60);
    // Behind the first, fast ones.
    let _ = tokio::time::timeout(2 * minute, guess(&gate, 1, 6)).await;
    let before = gate.line.looked_at();
    let _ = tokio::time::timeout(minute, guess(&gate, 1, 6)).await;
    let one = gate.line.looked_at() - before;
    assert!(one <= 34, "four in eight seconds: {one} in a minute");
    let _ = tokio::time::timeout(2 * minute, guess(&gate, 18, 6)).await;
    let before = gate.line.looked_at();
    let _ = tokio::time::timeout(minute, guess(&gate, 18, 6)).await;
    let all = gate.line.looked_at() - before;
    assert!(all <= 64 * 60 / 8 + 64, "sixty-four in eight seconds: {all} in a minute");
}

#[test]
fn what_is_no_hash_is_refused_at_the_start() {
    assert!(Gate::hashed("plain".to_owned()).is_err());
}
