#include "net/h2_upstream_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>

extern char** environ;

namespace ccr::net {

using std::chrono::steady_clock;

namespace {

constexpr const char* kScript = R"js(
const http2 = require('http2'), fs = require('fs');
const [kind, cert, key] = process.argv.slice(1);
const say = (...words) => fs.writeSync(1, words.join(' ') + '\n');
const server = kind === 'tls'
  ? http2.createSecureServer({ cert: fs.readFileSync(cert), key: fs.readFileSync(key) })
  : http2.createServer();
let latest;
server.on('connection', (socket) => { latest = socket; });
server.on('session', () => say('session'));
server.on('stream', (stream, headers) => {
  const path = headers[':path'];
  const what = path.split('?')[0];
  let timer;
  say('open', path);
  stream.on('error', () => {});
  stream.on('close', () => { clearInterval(timer); say('closed', path, stream.rstCode, stream.writableFinished); });
  if (what === '/length') {
    let size = 0;
    stream.on('data', (bytes) => { size += bytes.length; });
    stream.on('end', () => { stream.respond({ ':status': 200 }); stream.end(String(size)); });
    return;
  }
  stream.respond({ ':status': 200, 'x-path': path });
  stream.write('first\n');
  if (what === '/reset') setTimeout(() => stream.destroy(new Error('broken')), 20);
  if (what === '/drop') setTimeout(() => latest.destroy(), 20);
  if (what === '/endless') timer = setInterval(() => stream.write('more\n'), 5);
  if (what === '/finite') {
    let left = 60;
    timer = setInterval(() => {
      if (--left > 0) return stream.write('line ' + left + '\n');
      clearInterval(timer);
      stream.end('last\n');
    }, 5);
  }
  if (what === '/flood') {
    const block = Buffer.alloc(65536, 'x');
    const push = () => { while (!stream.destroyed && stream.write(block)); };
    stream.on('drain', push);
    push();
  }
});
server.listen(0, '127.0.0.1', () => say('port', server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
)js";

}  // namespace

bool H2Upstream::possible() {
    return std::system("node --version >/dev/null 2>&1") == 0;
}

H2Upstream::H2Upstream(const TestCertificate& certificate, Transport transport)
    : transport_(transport) {
    std::array<int, 2> output{}, input{};
    if (::pipe(output.data()) != 0 || ::pipe(input.data()) != 0)
        throw std::runtime_error("no pipe");
    for (const int end : {output[0], output[1], input[0], input[1]})
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output[1], 1);
    posix_spawn_file_actions_adddup2(&actions, input[0], 0);
    std::array<std::string, 6> words{"node",
                                     "-e",
                                     kScript,
                                     transport == Transport::tls ? "tls" : "clear",
                                     certificate.certificate_file(),
                                     certificate.key_file()};
    std::array<char*, 7> arguments{};
    std::transform(words.begin(), words.end(), arguments.begin(),
                   [](std::string& word) { return word.data(); });
    const int problem =
        ::posix_spawnp(&child_, "node", &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(output[1]);
    ::close(input[0]);
    output_ = output[0];
    input_ = input[1];
    if (problem != 0) throw std::runtime_error("node does not start");
    reader_ = std::thread([this] { read_lines(); });
    const auto port = wait_line("port ", std::chrono::seconds(20));
    if (port) port_ = static_cast<std::uint16_t>(std::stoi(port->text.substr(5)));
}

H2Upstream::~H2Upstream() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    reader_.join();
    ::close(output_);
    ::close(input_);
}

std::string H2Upstream::url(const std::string& path) const {
    return (transport_ == Transport::tls ? "https://127.0.0.1:" : "http://127.0.0.1:") +
           std::to_string(port_) + path;
}

void H2Upstream::read_lines() {
    std::string text;
    std::array<char, 4096> bytes;
    for (long got = ::read(output_, bytes.data(), bytes.size()); got > 0;
         got = ::read(output_, bytes.data(), bytes.size())) {
        text.append(bytes.data(), static_cast<std::size_t>(got));
        const auto now = steady_clock::now();
        const std::lock_guard lock(guard_);
        for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
            lines_.push_back({text.substr(0, end), now});
            text.erase(0, end + 1);
        }
        changed_.notify_all();
    }
}

std::optional<H2Upstream::Line> H2Upstream::wait_line(const std::string& prefix,
                                                      std::chrono::milliseconds most) {
    std::unique_lock lock(guard_);
    std::optional<Line> found;
    changed_.wait_for(lock, most, [&] {
        const auto at = std::find_if(lines_.begin(), lines_.end(), [&](const Line& line) {
            return line.text.starts_with(prefix);
        });
        if (at != lines_.end()) found = *at;
        return found.has_value();
    });
    return found;
}

std::optional<steady_clock::time_point> H2Upstream::wait_closed(const std::string& path,
                                                                std::chrono::milliseconds most) {
    const auto line = wait_line("closed " + path + " ", most);
    if (!line) return std::nullopt;
    return line->at;
}

int H2Upstream::count(const std::string& event) {
    const std::lock_guard lock(guard_);
    return static_cast<int>(std::count_if(lines_.begin(), lines_.end(), [&](const Line& line) {
        return line.text.starts_with(event);
    }));
}

}  // namespace ccr::net
