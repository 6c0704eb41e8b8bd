#include "config/loader.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "config/read_file.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

constexpr std::size_t kLargestFile = 16u << 20;

class FileHandle {
  public:
    explicit FileHandle(int number) : number_(number) {}
    FileHandle(const FileHandle&) = delete;
    FileHandle& operator=(const FileHandle&) = delete;
    ~FileHandle() {
        if (number_ >= 0) ::close(number_);
    }
    int get() const { return number_; }

  private:
    int number_;
};

std::unexpected<Error> unreadable(const std::string& file, int code) {
    return fail(ErrorKind::config,
                fmt::format("{}: cannot be read: {}; check the path and its permissions", file,
                            std::generic_category().message(code)));
}

std::string home_of_user() {
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    if (getpwuid_r(getuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
        return "/";
    return found->pw_dir;
}

}  // namespace

Result<std::optional<std::string>> read_file(const std::string& file) {
    const FileHandle handle(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (handle.get() < 0) {
        if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
        return unreadable(file, errno);
    }
    std::string text;
    std::array<char, 16384> chunk{};
    while (true) {
        const ssize_t got = ::read(handle.get(), chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return unreadable(file, errno);
        if (got == 0) return text;
        text.append(chunk.data(), static_cast<std::size_t>(got));
        if (text.size() > kLargestFile) {
            return fail(ErrorKind::config,
                        fmt::format("{}: is larger than {} MB, which no configuration is; check "
                                    "the path",
                                    file, kLargestFile >> 20));
        }
    }
}

Environment process_environment() {
    return [](std::string_view name) -> std::optional<std::string> {
        const char* value = std::getenv(std::string(name).c_str());
        if (value == nullptr) return std::nullopt;
        return value;
    };
}

std::string home_directory(const Environment& environment) {
    std::string home = environment("HOME").value_or("");
    if (home.empty()) home = home_of_user();
    while (home.size() > 1 && home.ends_with('/')) home.pop_back();
    return home + (home.ends_with('/') ? "" : "/") + ".claude-code-router";
}

std::string config_path(std::string_view option, const Environment& environment) {
    if (!option.empty()) return with_home(std::string(option), environment);
    if (const auto path = environment("CCR_CONFIG"); path && !path->empty())
        return with_home(*path, environment);
    return home_directory(environment) + "/config.json";
}

Result<Config> load_config(const std::string& file, const Environment& environment) {
    TRY(const std::optional<std::string> text, read_file(file));
    if (text) return parse_config(*text, file, environment);
    TRY(Config config, parse_config("{}", file, environment));
    config.fingerprint = 0;
    return config;
}

}  // namespace ccr::config
