//! The client and servers that are none of ours.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{Client, ClientError};

/// What the client makes of this answer to its first request.
async fn told(answer: &str) -> Result<serde_json::Value, ClientError> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::by_url(&url, &"p".to_owned().into()).unwrap();
    let serve = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(stream.read_u8().await.unwrap());
        }
        stream.write_all(answer.as_bytes()).await.unwrap();
    };
    tokio::join!(client.get("/admin/tenants"), serve).0
}

fn answer(head: &str, body: &str) -> String {
    format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn a_server_that_is_no_flow_hq_is_called_so() {
    for head in
        ["200 OK\r\ncontent-type: text/html", "404 Not Found", "301 Moved\r\nlocation: https://x/", "401 No"]
    {
        let error = told(&answer(head, "<html>")).await.unwrap_err();
        assert!(matches!(error, ClientError::NotFlowHq { .. }), "{head}: {error:?}");
    }
}

#[tokio::test]
async fn answers_and_refusals_of_ours_are_taken_as_they_are() {
    let json = "200 OK\r\ncontent-type: application/json";
    assert_eq!(told(&answer(json, "[1]")).await.unwrap(), serde_json::json!([1]));
    let problem = "404 Not Found\r\ncontent-type: application/problem+json";
    let error = told(&answer(problem, r#"{"detail":"No such tenant."}"#)).await.unwrap_err();
    assert!(
        matches!(&error, ClientError::Refused { status: 404, .. }) && error.to_string() == "No such tenant."
    );
    // A proxy speaks for us while we are away.
    let error = told(&answer("502 Bad Gateway", "<html>")).await.unwrap_err();
    assert!(matches!(&error, ClientError::Refused { status: 502, .. }), "{error:?}");
}

#[tokio::test]
async fn what_takes_longer_than_one_request_is_asked_for_until_it_ends() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::by_url(&url, &"p".to_owned().into()).unwrap();
    let problem = "503 Service Unavailable\r\ncontent-type: application/problem+json";
    let slow = answer(problem, r#"{"type":"urn:flowhq:problem:timed-out","detail":"It goes on."}"#);
    let answers = [slow.clone(), slow, answer("200 OK\r\ncontent-type: application/json", "7")];
    let serve = async {
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                request.push(stream.read_u8().await.unwrap());
            }
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    };
    let asked = client.send_json_to_its_end::<u8>(http::Method::POST, "/x", None::<&()>);
    assert_eq!(tokio::join!(asked, serve).0.unwrap(), 7);
}
