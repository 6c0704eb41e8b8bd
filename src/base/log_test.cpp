#include "base/log.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/redact.h"

namespace ccr::log {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class Log : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "ccr-log-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        home_ = fs::path(pattern) / "home";
        settings_.to_file = true;
        settings_.directory = (home_ / "logs").string();
    }
    void TearDown() override {
        shutdown();
        redact::set_secrets({});
        fs::remove_all(home_.parent_path());
    }

    std::vector<fs::path> files(const fs::path& directory, std::string_view prefix) const {
        std::vector<fs::path> out;
        if (!fs::exists(directory)) return out;
        for (const auto& entry : fs::directory_iterator(directory)) {
            if (entry.path().filename().string().starts_with(prefix)) out.push_back(entry.path());
        }
        std::sort(out.begin(), out.end());
        return out;
    }
    std::map<fs::path, std::uintmax_t> sizes() const {
        std::map<fs::path, std::uintmax_t> out;
        for (const auto& paths : {server_files(), application_files()}) {
            for (const fs::path& path : paths) {
                std::error_code gone;
                const std::uintmax_t size = fs::file_size(path, gone);
                if (!gone) out[path] = size;
            }
        }
        return out;
    }
    // Of one moment: nothing was written, renamed or removed while it was taken.
    std::uintmax_t sum_of_sizes() const {
        auto found = sizes();
        for (auto again = sizes(); again != found; again = sizes()) found = std::move(again);
        std::uintmax_t sum = 0;
        for (const auto& [path, size] : found) {
            EXPECT_LE(size, settings_.file_bytes) << path;
            sum += size;
        }
        return sum;
    }
    std::vector<fs::path> server_files() const { return files(home_ / "logs", "ccr-"); }
    std::vector<fs::path> application_files() const {
        return files(home_, "claude-code-router.log");
    }

    static std::vector<Json> lines_of(const std::vector<fs::path>& paths) {
        std::vector<Json> out;
        for (const fs::path& path : paths) {
            std::ifstream in(path);
            for (std::string line; std::getline(in, line);) out.push_back(Json::parse(line));
        }
        return out;
    }
    std::vector<Json> server_lines() const { return lines_of(server_files()); }

    fs::path home_;
    Settings settings_;
};

mode_t mode_of(const fs::path& path) {
    struct stat found{};
    ::stat(path.c_str(), &found);
    return found.st_mode & 0777U;
}

TEST_F(Log, nothing_is_written_before_configure_and_after_shutdown) {
    info("early");
    application("{}");
    EXPECT_FALSE(enabled(Level::fatal));
    configure(settings_);
    shutdown();
    info("late");
    application("{}");
    EXPECT_FALSE(fs::exists(home_));
}

TEST_F(Log, a_line_has_pinos_members_and_the_fields) {
    configure(settings_);
    EXPECT_FALSE(fs::exists(home_)) << "files are made by the first line";
    warn("a \"message\"\n", {{"text", "tab\there"},
                             {"count", std::int64_t{-7}},
                             {"share", 0.25},
                             {"yes", true},
                             {"raw", Field::Raw{"{\"a\":\n[1]}"}},
                             {"none", std::numeric_limits<double>::quiet_NaN()}});
    const std::vector<Json> lines = server_lines();
    ASSERT_EQ(lines.size(), 1U);
    const Json& line = lines.front();
    EXPECT_EQ(line.at("level"), 40);
    EXPECT_EQ(line.at("pid"), ::getpid());
    EXPECT_FALSE(line.at("hostname").get<std::string>().empty());
    EXPECT_EQ(line.at("msg"), "a \"message\"\n");
    EXPECT_EQ(line.at("text"), "tab\there");
    EXPECT_EQ(line.at("count"), -7);
    EXPECT_EQ(line.at("share"), 0.25);
    EXPECT_EQ(line.at("yes"), true);
    EXPECT_EQ(line.at("raw").at("a").at(0), 1);
    EXPECT_TRUE(line.at("none").is_null());
    const std::int64_t now = std::chrono::duration_cast<std::chrono::milliseconds>(
                                 std::chrono::system_clock::now().time_since_epoch())
                                 .count();
    EXPECT_NEAR(line.at("time").get<double>(), static_cast<double>(now), 60'000.0);
}

TEST_F(Log, any_bytes_make_a_line_of_valid_json) {
    configure(settings_);
    for (int first = 0; first < 256; ++first) {
        std::string bytes = "<";
        bytes += static_cast<char>(first);
        bytes += "\xE2\x82\xAC\xF0\x9F\x98\x80\xED\xA0\x80\xC0\xAF>";
        info(bytes, {{"field", bytes}});
    }
    const std::vector<Json> lines = server_lines();
    ASSERT_EQ(lines.size(), 256U);
    EXPECT_TRUE(lines[65].at("msg").get<std::string>().starts_with(
        "<A\xE2\x82\xAC\xF0\x9F\x98\x80\xEF\xBF\xBD"));
}

TEST_F(Log, directories_and_files_are_the_users_alone) {
    configure(settings_);
    info("x");
    application("{\"a\":1}");
    shutdown();
    EXPECT_EQ(mode_of(home_), 0700U);
    EXPECT_EQ(mode_of(home_ / "logs"), 0700U);
    ASSERT_EQ(server_files().size(), 1U);
    EXPECT_EQ(mode_of(server_files().front()), 0600U);
    ASSERT_EQ(application_files().size(), 1U);
    EXPECT_EQ(mode_of(application_files().front()), 0600U);
    const std::string name = server_files().front().filename().string();
    EXPECT_EQ(name.size(), std::string("ccr-20240817120000.log").size()) << name;
}

TEST_F(Log, level_decides_and_may_change) {
    configure(settings_);
    debug("hidden");
    set_level(Level::debug);
    debug("shown");
    set_level(Level::error);
    warn("hidden");
    error("shown");
    const std::vector<Json> lines = server_lines();
    ASSERT_EQ(lines.size(), 2U);
    for (const Json& line : lines) EXPECT_EQ(line.at("msg"), "shown");
}

TEST_F(Log, every_sink_redacts) {
    redact::set_secrets({"the-configured-key"});
    settings_.to_stderr = true;
    configure(settings_);
    testing::internal::CaptureStderr();
    info("with the-configured-key", {{"header", "Bearer abcdef123456"},
                                     {"raw", Field::Raw{R"({"api_key":"anything at all"})"}}});
    application(R"({"why":"the-configured-key","url":"https://h/?key=abc"})");
    application("{\"another\":\n\"the-configured-key\"}");
    const std::string console = testing::internal::GetCapturedStderr();
    shutdown();
    std::string all = console;
    for (const Json& line : server_lines()) all += line.dump();
    const auto application_lines = lines_of(application_files());
    EXPECT_EQ(application_lines.size(), 2U);
    for (const Json& line : application_lines) all += line.dump();
    for (const char* secret :
         {"the-configured-key", "abcdef123456", "anything at all", "key=abc"}) {
        EXPECT_EQ(all.find(secret), std::string::npos) << secret;
    }
    EXPECT_NE(console.find("with [redacted]"), std::string::npos) << console;
}

TEST_F(Log, console_lines_are_short_and_plain_when_no_terminal_reads_them) {
    settings_.to_file = false;
    settings_.to_stderr = true;
    configure(settings_);
    testing::internal::CaptureStderr();
    info("listening",
         {{"port", std::int64_t{3456}}, {"host", "127.0.0.1"}, {"why", "no key\nset"}});
    const std::string console = testing::internal::GetCapturedStderr();
    ASSERT_GT(console.size(), 9U);
    EXPECT_EQ(console.substr(8),
              " INFO  listening port=3456 host=127.0.0.1 why=\"no key\\nset\"\n");
    EXPECT_FALSE(fs::exists(home_));
}

TEST_F(Log, files_rotate_and_their_sum_stays_under_the_cap) {
    settings_.file_bytes = 4000;
    settings_.total_bytes = 40'000;
    configure(settings_);
    const std::string filler(200, 'x');
    std::size_t most_files = 0;
    for (int i = 0; i < 600; ++i) {
        // Times of files are as coarse as the kernel's ticks: only so are the last ones the newest.
        if (i == 590) std::this_thread::sleep_for(std::chrono::milliseconds(20));
        info(filler, {{"n", std::int64_t{i}}});
        application("{\"n\":" + std::to_string(i) + ",\"fill\":\"" + filler + "\"}");
        if (i % 20 != 19) continue;
        EXPECT_LE(sum_of_sizes(), settings_.total_bytes);
        most_files = std::max(most_files, server_files().size());
    }
    shutdown();
    const std::uintmax_t most = sum_of_sizes();
    EXPECT_LE(most, settings_.total_bytes);
    EXPECT_GE(most, settings_.total_bytes / 2);
    EXPECT_GT(most_files, 1U);
    EXPECT_GT(application_files().size(), 1U);
    std::set<int> numbers;
    for (const Json& line : server_lines()) numbers.insert(line.at("n").get<int>());
    EXPECT_TRUE(numbers.contains(599)) << "the newest lines are kept";
    EXPECT_FALSE(numbers.contains(0)) << "the oldest go first";
}

TEST_F(Log, foreign_files_are_never_deleted) {
    fs::create_directories(home_ / "logs");
    for (const char* name : {"logs/notes.log", "logs/ccr-notes.txt", "config.json"}) {
        std::ofstream(home_ / name) << std::string(9000, 'x');
    }
    settings_.file_bytes = 1000;
    settings_.total_bytes = 4000;
    configure(settings_);
    for (int i = 0; i < 100; ++i) info(std::string(200, 'y'));
    for (const char* name : {"logs/notes.log", "logs/ccr-notes.txt", "config.json"}) {
        EXPECT_TRUE(fs::exists(home_ / name)) << name;
    }
}

TEST_F(Log, the_application_log_is_continued_by_the_next_process) {
    configure(settings_);
    application("{\"run\":1}");
    shutdown();
    configure(settings_);
    application("{\"run\":\n2}");
    shutdown();
    ASSERT_EQ(application_files().size(), 1U);
    const std::vector<Json> lines = lines_of(application_files());
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[1].at("run"), 2);
}

TEST_F(Log, a_vanished_directory_comes_back_with_the_next_lines) {
    configure(settings_);
    info("before");
    fs::remove_all(home_);
    for (int i = 0; i < 500 && server_files().empty(); ++i) {
        info("after");
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ASSERT_EQ(server_files().size(), 1U);
    EXPECT_EQ(server_lines().back().at("msg"), "after");
}

TEST_F(Log, a_place_that_cannot_be_written_costs_lines_and_says_how_many) {
    std::ofstream(home_.parent_path() / "home") << "a file where the directory should be";
    configure(settings_);
    for (int i = 0; i < 5; ++i) info("lost");
    fs::remove(home_);
    // The place is asked again after a pause; lines until then are lost too.
    for (int i = 0; i < 200 && server_files().empty(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        info("again");
    }
    const std::vector<Json> lines = server_lines();
    ASSERT_GE(lines.size(), 2U);
    EXPECT_NE(lines[0].at("msg").get<std::string>().find("log lines were lost"), std::string::npos);
    EXPECT_EQ(lines[1].at("msg"), "again");
}

TEST_F(Log, a_full_disk_is_survived) {
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
    fs::create_directories(home_);
    fs::create_symlink("/dev/full", home_ / "claude-code-router.log");
    configure(settings_);
    for (int i = 0; i < 1000; ++i) application("{\"lost\":true}");
    info("the other series goes on");
    shutdown();
    EXPECT_TRUE(fs::exists("/dev/full"));
    EXPECT_EQ(server_lines().size(), 1U);
}

TEST_F(Log, threads_never_mix_their_lines) {
    settings_.file_bytes = 64 * 1024;
    configure(settings_);
    constexpr int kThreads = 4;
    constexpr int kLines = 500;
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
        threads.emplace_back([t] {
            for (int i = 0; i < kLines; ++i) {
                info("concurrent", {{"thread", std::int64_t{t}}, {"n", std::int64_t{i}}});
                application("{\"thread\":" + std::to_string(t) + "}");
            }
        });
    }
    for (int i = 0; i < 20; ++i) set_level(i % 2 == 0 ? Level::debug : Level::info);
    for (std::thread& thread : threads) thread.join();
    std::set<std::pair<int, int>> seen;
    for (const Json& line : server_lines())
        seen.emplace(line.at("thread").get<int>(), line.at("n").get<int>());
    EXPECT_EQ(seen.size(), static_cast<std::size_t>(kThreads * kLines));
    EXPECT_EQ(lines_of(application_files()).size(), static_cast<std::size_t>(kThreads * kLines));
}

TEST_F(Log, configuring_anew_while_others_write_is_safe) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t) {
        threads.emplace_back([] {
            for (int i = 0; i < 2000; ++i) info("busy");
        });
    }
    for (int i = 0; i < 30; ++i) configure(settings_);
    for (std::thread& thread : threads) thread.join();
    EXPECT_NO_THROW((void)server_lines());
}

}  // namespace
}  // namespace ccr::log
