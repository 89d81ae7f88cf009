//! The database goes away and comes back: the bots answer, everybody is told, and nothing that was said is lost.

use http::Method;
use tests::{Admin, Bot, ControlPlane, Flavour, LIMIT, Place, Postgres};
use virtual_whatsapp::{Options, VirtualWhatsApp};

#[tokio::test]
async fn while_the_database_is_away_bots_answer_and_all_is_recorded_afterwards() {
    let Some(mut postgres) = Postgres::start() else { return };
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = postgres.place(Place::new(), true);
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (bot, _device) = Bot::linked(admin, &whatsapp, 1).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    bot.answers(&asha, "Hello").await;
    admin.wait_for_logs(&bot.id, "one in and one out", |logs| logs.len() == 2).await;
    let pid = bot.pid(admin).await;
    assert_eq!(ready(admin).await, 200);

    // Twice: what comes back must be as good as new.
    for round in 1..=2 {
        postgres.stop();
        assert_eq!(ready(admin).await, 503, "readiness says so");
        let (status, problem) = admin.call(Method::GET, "/admin/tenants", None).await;
        assert_eq!((status.as_u16(), &problem["type"]), (503, &"urn:flowhq:problem:unavailable".into()));
        assert!(problem["detail"].as_str().unwrap().contains("database"), "{problem}");
        for text in ["1", "thanks"] {
            bot.answers(&asha, text).await;
        }

        postgres.start_again();
        until_ready(admin).await;
        let wanted = 2 + 4 * round;
        let logs = admin.wait_for_logs(&bot.id, "everything on record", |logs| logs.len() >= wanted).await;
        assert_eq!(logs.len(), wanted, "once");
        let tenant = bot.is_active(admin).await;
        assert_eq!(tenant["worker_process"]["pid"], pid, "the worker was left alone");
    }

    // The lease is held again: workers can be started.
    admin.worker(&bot.id, "restart").await;
    bot.is_active(admin).await;
    assert_eq!(bot.answers(&asha, "menu").await.len(), 6);
}

async fn ready(admin: &Admin) -> u16 {
    admin.call(Method::GET, "/readyz", None).await.0.as_u16()
}

async fn until_ready(admin: &Admin) {
    let waiting = async {
        while ready(admin).await != 200 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LIMIT, waiting).await.unwrap();
}
