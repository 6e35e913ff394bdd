//! nginx in front of git's own server program, with one user: `bot`, whose password is `secret`.

use super::{Stop, free_port, git, quiet, up};
use gradus_repo::{Credential, Proof};
use std::path::Path;
use std::process::Command;

/// Serves the repositories under `srv`, of which `deploy.git` is made.
pub fn server(dir: &Path) -> (Stop, u16) {
    let root = dir.join("srv");
    let repo = root.join("deploy.git").display().to_string();
    git(&["init", "-q", "--bare", "-b", "main", &repo]);
    git(&["-C", &repo, "config", "http.receivepack", "true"]);
    let port = free_port();
    let socket = dir.join("fcgi.sock").display().to_string();
    let backend = format!("{}/git-http-backend", git(&["--exec-path"]));
    // The password's hash for "secret", in the form that nginx reads.
    std::fs::write(dir.join("users"), "bot:{PLAIN}secret\n").unwrap();
    let here = dir.display();
    let config = format!(
        "daemon off; pid {here}/nginx.pid; error_log {here}/error.log; user root;\n\
         events {{}}\n\
         http {{\n\
           access_log off; client_max_body_size 0;\n\
           client_body_temp_path {here}/b; proxy_temp_path {here}/p; fastcgi_temp_path {here}/f; uwsgi_temp_path {here}/u; scgi_temp_path {here}/s;\n\
           server {{ listen 127.0.0.1:{port};\n\
             location /moved/ {{ return 302 http://127.0.0.1:{port}/; }}\n\
             location / {{\n\
               auth_basic git; auth_basic_user_file {here}/users;\n\
               fastcgi_pass unix:{socket};\n\
               fastcgi_param SCRIPT_FILENAME {backend}; fastcgi_param GIT_PROJECT_ROOT {root}; fastcgi_param GIT_HTTP_EXPORT_ALL 1;\n\
               fastcgi_param PATH_INFO $uri; fastcgi_param QUERY_STRING $query_string; fastcgi_param REQUEST_METHOD $request_method;\n\
               fastcgi_param CONTENT_TYPE $content_type; fastcgi_param CONTENT_LENGTH $content_length; fastcgi_param REMOTE_USER $remote_user;\n\
               fastcgi_param HTTP_CONTENT_ENCODING $http_content_encoding; fastcgi_param GIT_PROTOCOL $http_git_protocol;\n\
             }} }} }}\n",
        root = root.display(),
    );
    std::fs::write(dir.join("nginx.conf"), config).unwrap();
    let fcgi = quiet(Command::new("fcgiwrap").args(["-c", "4", "-s", &format!("unix:{socket}")]));
    let nginx = quiet(Command::new("nginx").args(["-c", &dir.join("nginx.conf").display().to_string()]));
    up(port);
    (Stop(vec![nginx, fcgi]), port)
}

/// What proves to it that we are `bot`, if the secret is the right one.
pub fn credential(port: u16, secret: &str) -> Option<Credential> {
    use base64::Engine as _;
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("bot:{secret}"));
    Some(Credential {
        url: format!("http://127.0.0.1:{port}/"),
        proof: Proof::Header(format!("Basic {basic}")),
    })
}
