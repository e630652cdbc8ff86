//! A key-value server. Everything is answered with 501 so far: begin at `answer`.

use std::io::Read;
use std::sync::Arc;
use std::{env, fs, thread};
use tiny_http::{Request, Response, Server};

/// The status and the body of the answer to one request.
/// PUT /key with the value as its body: 200. GET /key: 200 and the value, or 404.
/// Requests come on several threads at once.
fn answer(method: &str, key: &str, _value: &[u8]) -> (u16, Vec<u8>) {
    (501, format!("{method} {key}: not implemented yet").into_bytes())
}

fn handle(mut request: Request) {
    let mut value = Vec::new();
    if request.as_reader().read_to_end(&mut value).is_err() {
        return;
    }
    let key = request.url().trim_start_matches('/').to_string();
    let (status, body) = answer(request.method().as_str(), &key, &value);
    // The other side may be gone by now.
    let _ = request.respond(Response::from_data(body).with_status_code(status));
}

/// `--name value` on the command line, else the variable, else the default.
fn option(name: &str, variable: &str, otherwise: &str) -> String {
    let args: Vec<String> = env::args().collect();
    args.iter()
        .position(|arg| arg == name)
        .and_then(|index| args.get(index + 1).cloned())
        .or_else(|| env::var(variable).ok())
        .unwrap_or_else(|| otherwise.to_string())
}

fn main() {
    let port = option("--port", "PORT", "8080");
    let data = option("--data", "DATA_DIR", "data");
    fs::create_dir_all(&data).expect("cannot make the data folder");
    let server = Server::http(format!("127.0.0.1:{port}")).expect("cannot listen");
    println!("listening on http://127.0.0.1:{port}");

    let server = Arc::new(server);
    let threads: Vec<_> = (0..16)
        .map(|_| {
            let server = Arc::clone(&server);
            thread::spawn(move || {
                while let Ok(request) = server.recv() {
                    handle(request);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().expect("a thread died");
    }
}
