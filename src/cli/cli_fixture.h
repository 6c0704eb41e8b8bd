// For tests of the commands: a home of their own, the real binary as a child process, and a client
// that records what reached it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/instances.h"
#include "cli/paths.h"

namespace ccr::cli::test {

using Variables = std::map<std::string, std::string>;

/// How a child process ended.
struct Outcome {
    int exit_code = -1;  // -1 when a signal ended it
    int signal = 0;
    std::string out, err;
};

/// A child process with pipes on its three streams; killed when it is still there at the end.
class Child {
  public:
    Child(const std::string& program, const std::vector<std::string>& arguments,
          const Variables& variables, const std::string& directory);
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    pid_t pid() const { return pid_; }
    void signal(int number) const;
    /// Reads stdout until it holds `text`; false at its end or after 30 s.
    bool wait_for_output(std::string_view text);
    /// Feeds `input` and waits for the end, 30 s at most (then the outcome has signal 9).
    Outcome finish(std::string_view input = {});

  private:
    bool pump(std::chrono::milliseconds time);

    pid_t pid_ = -1;
    int in_ = -1, out_ = -1, err_ = -1;
    std::string input_;
    Outcome outcome_;
};

/// A fresh home directory. Services that run in it are ended with it.
class Home {
  public:
    explicit Home(const std::string& name = "h");
    ~Home();
    Home(const Home&) = delete;
    Home& operator=(const Home&) = delete;

    const std::string& path() const { return path_; }
    std::string file(const std::string& relative) const { return path_ + "/" + relative; }
    void write(const std::string& relative, const std::string& content) const;
    std::string read(const std::string& relative) const;
    void configure(const std::string& json5) const {
        write(".claude-code-router/config.json", json5);
    }

    /// HOME, PATH and nothing else but `more`.
    Variables variables(const Variables& more = {}) const;
    std::unique_ptr<Child> start(const std::vector<std::string>& arguments,
                                 const Variables& more = {}) const;
    Outcome ccr(const std::vector<std::string>& arguments, const Variables& more = {},
                std::string_view input = {}) const;

    Paths paths() const;
    std::vector<Instance> instances() const { return running_instances(paths()); }
    /// The only service that runs here; fails the test when there is none or more than one.
    ServiceStatus status() const;

    /// Writes a client that records into `seen/` and then runs `ending`, lines of sh.
    void write_client(const std::string& ending = "exit 0") const;
    std::vector<std::string> seen_arguments() const;
    Variables seen_variables() const;

  private:
    std::string root_, path_;
};

/// A configuration with one provider of this wire on any port.
std::string config_with_provider(const std::string& url, const std::string& more = "");

/// Waits until `condition` holds; false after ten seconds.
bool eventually(const std::function<bool()>& condition);

/// Sends `request` to 127.0.0.1:`port`; everything up to the server's close.
std::string exchange(std::uint16_t port, const std::string& request);
std::string http_request(const std::string& method, const std::string& path, std::uint16_t port,
                         const std::string& body = "");

}  // namespace ccr::cli::test
