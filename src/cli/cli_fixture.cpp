#include "cli/cli_fixture.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include "cli/stop.h"
#include "net/socket_calls.h"

namespace ccr::cli::test {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::seconds(30);

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (std::string& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

std::vector<std::string> split_at_nul(const std::string& text) {
    std::vector<std::string> out;
    std::size_t begin = 0;
    for (std::size_t end = text.find('\0'); end != std::string::npos;
         end = text.find('\0', begin)) {
        out.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return out;
}

std::array<int, 2> make_pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
    return ends;
}

void close_end(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
}

void take(int& end, short events, std::string& into) {
    if ((events & (POLLIN | POLLHUP | POLLERR)) == 0) return;
    std::array<char, 65536> chunk{};
    const ssize_t got = ::read(end, chunk.data(), chunk.size());
    if (got > 0) into.append(chunk.data(), static_cast<std::size_t>(got));
    if (got == 0 || (got < 0 && errno != EINTR)) close_end(end);
}

}  // namespace

Child::Child(const std::string& program, const std::vector<std::string>& arguments,
             const Variables& variables, const std::string& directory) {
    const auto in = make_pipe(), out = make_pipe(), err = make_pipe();
    std::vector<std::string> words{program}, environment;
    words.insert(words.end(), arguments.begin(), arguments.end());
    for (const auto& [name, value] : variables) environment.push_back(name + "=" + value);
    const auto argv = pointers(words), envp = pointers(environment);
    pid_ = ::fork();
    if (pid_ == 0) {
        ::dup2(in[0], 0);
        ::dup2(out[1], 1);
        ::dup2(err[1], 2);
        if (::chdir(directory.c_str()) != 0) ::_exit(125);
        ::execve(program.c_str(), argv.data(), envp.data());
        ::_exit(125);
    }
    in_ = in[1], out_ = out[0], err_ = err[0];
    ::close(in[0]);
    ::close(out[1]);
    ::close(err[1]);
    ::fcntl(in_, F_SETFL, O_NONBLOCK);
}

Child::~Child() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    for (int* end : {&in_, &out_, &err_}) close_end(*end);
}

void Child::signal(int number) const {
    ::kill(pid_, number);
}

bool Child::pump(std::chrono::milliseconds time) {
    std::array<pollfd, 3> watched{
        {{out_, POLLIN, 0}, {err_, POLLIN, 0}, {input_.empty() ? -1 : in_, POLLOUT, 0}}};
    if (::poll(watched.data(), watched.size(), static_cast<int>(time.count())) <= 0) return false;
    take(out_, watched[0].revents, outcome_.out);
    take(err_, watched[1].revents, outcome_.err);
    if (watched[2].revents != 0) {
        const ssize_t sent = ::write(in_, input_.data(), input_.size());
        input_.erase(0, sent > 0 ? static_cast<std::size_t>(sent) : input_.size());
        if (input_.empty()) close_end(in_);
    }
    return true;
}

bool Child::wait_for_output(std::string_view text) {
    const auto until = Clock::now() + kPatience;
    while (outcome_.out.find(text) == std::string::npos && out_ >= 0 && Clock::now() < until) {
        pump(std::chrono::milliseconds(200));
    }
    return outcome_.out.find(text) != std::string::npos;
}

Outcome Child::finish(std::string_view input) {
    const auto before = std::signal(SIGPIPE, SIG_IGN);
    input_ = input;
    if (input_.empty()) close_end(in_);
    const auto until = Clock::now() + kPatience;
    while ((out_ >= 0 || err_ >= 0) && Clock::now() < until) pump(std::chrono::milliseconds(200));
    if (out_ >= 0 || err_ >= 0) ::kill(pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    if (WIFEXITED(status)) outcome_.exit_code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) outcome_.signal = WTERMSIG(status);
    std::signal(SIGPIPE, before);
    return outcome_;
}

Home::Home(const std::string& name) {
    std::string pattern = (fs::temp_directory_path() / "ccr-cli-XXXXXX").string();
    const char* made = ::mkdtemp(pattern.data());
    EXPECT_NE(made, nullptr);
    root_ = made == nullptr ? "" : made;
    path_ = root_ + "/" + name;
    fs::create_directories(path_);
}

Home::~Home() {
    for (const Instance& instance : instances()) {
        if (!stop_instance(paths(), instance))
            ::kill(static_cast<pid_t>(instance.status.pid), SIGKILL);
    }
    std::error_code ignored;
    if (paths().sockets != paths().run) fs::remove_all(paths().sockets, ignored);
    fs::remove_all(root_, ignored);
}

void Home::write(const std::string& relative, const std::string& content) const {
    fs::create_directories(fs::path(file(relative)).parent_path());
    std::ofstream(file(relative), std::ios::binary) << content;
}

std::string Home::read(const std::string& relative) const {
    std::ostringstream content;
    content << std::ifstream(file(relative), std::ios::binary).rdbuf();
    return content.str();
}

Variables Home::variables(const Variables& more) const {
    Variables out{{"HOME", path_},
                  {"PATH", path_ + "/bin:/usr/bin:/bin"},
                  {"CCR_ALLOW_DUMPS", "1"}};  // tests look into /proc
    for (const auto& [name, value] : more) out[name] = value;
    return out;
}

std::unique_ptr<Child> Home::start(const std::vector<std::string>& arguments,
                                   const Variables& more) const {
    return std::make_unique<Child>(CCR_BINARY, arguments, variables(more), path_);
}

Outcome Home::ccr(const std::vector<std::string>& arguments, const Variables& more,
                  std::string_view input) const {
    return start(arguments, more)->finish(input);
}

Paths Home::paths() const {
    return paths_of([this](std::string_view name) {
        return name == "HOME" ? std::optional(path_) : std::nullopt;
    });
}

ServiceStatus Home::status() const {
    const auto found = instances();
    EXPECT_EQ(found.size(), 1u);
    return found.empty() ? ServiceStatus() : found.front().status;
}

void Home::write_client(const std::string& ending) const {
    fs::create_directories(file("seen"));
    write("bin/claude",
          fmt::format(
              "#!/bin/sh\n"
              "for argument in \"$@\"; do printf '%s\\0' \"$argument\"; done > '{0}/arguments'\n"
              "env -0 > '{0}/variables'\n{1}\n",
              file("seen"), ending));
    ::chmod(file("bin/claude").c_str(), 0755);
}

std::vector<std::string> Home::seen_arguments() const {
    return split_at_nul(read("seen/arguments"));
}

Variables Home::seen_variables() const {
    Variables out;
    for (const std::string& entry : split_at_nul(read("seen/variables"))) {
        out[entry.substr(0, entry.find('='))] = entry.substr(entry.find('=') + 1);
    }
    return out;
}

std::string config_with_provider(const std::string& url, const std::string& more) {
    return fmt::format(
        "{{PORT: 0, Providers: [{{name: 'p', api_base_url: '{}', api_key: 'provider-key', models: "
        "['m']}}], Router: {{default: 'p,m'}}{}}}",
        url, more.empty() ? "" : ", " + more);
}

bool eventually(const std::function<bool()>& condition) {
    const auto until = Clock::now() + std::chrono::seconds(10);
    while (!condition()) {
        if (Clock::now() > until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

std::string exchange(std::uint16_t port, const std::string& request) {
    const net::Descriptor socket = net::open_socket(AF_INET);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        return "";
    if (::send(socket.get(), request.data(), request.size(), 0) < 0) return "";
    std::string answer;
    std::array<char, 8192> chunk{};
    while (true) {
        pollfd watched{socket.get(), POLLIN, 0};
        if (::poll(&watched, 1, 20'000) <= 0) return answer;
        const ssize_t got = ::recv(socket.get(), chunk.data(), chunk.size(), 0);
        if (got <= 0) return answer;
        answer.append(chunk.data(), static_cast<std::size_t>(got));
    }
}

std::string http_request(const std::string& method, const std::string& path, std::uint16_t port,
                         const std::string& body) {
    return fmt::format(
        "{} {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Type: "
        "application/json\r\n"
        "Content-Length: {}\r\n\r\n{}",
        method, path, port, body.size(), body);
}

}  // namespace ccr::cli::test
