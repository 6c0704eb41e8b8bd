#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>

#include "config/config_fixture.h"
#include "config/loader.h"
#include "config/reading.h"
#include "config/temporary_directory_fixture.h"

namespace ccr::config {
namespace fs = std::filesystem;
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string with_level(std::string_view level, std::string_view more = "") {
    return "{LOG_LEVEL: '" + std::string(level) + "'," + std::string(more) + "}";
}

// Remembers what the store says and waits for it.
class Listener {
  public:
    ConfigStore::OnChange on_change() {
        return [this](const ConfigStore::Change& change) {
            const std::lock_guard lock(mutex_);
            changes_.push_back(change);
            condition_.notify_all();
        };
    }
    ConfigStore::OnBroken on_broken() {
        return [this](const Error& error) {
            const std::lock_guard lock(mutex_);
            errors_.push_back(error.message);
            condition_.notify_all();
        };
    }
    // The level in force after a change has been told of.
    bool sees_level(std::string_view level) {
        return waits(
            [&] { return !changes_.empty() && changes_.back().now->logging.level == level; });
    }
    bool sees_errors(std::size_t count) {
        return waits([&] { return errors_.size() >= count; });
    }
    std::vector<ConfigStore::Change> changes() {
        const std::lock_guard lock(mutex_);
        return changes_;
    }
    std::vector<std::string> errors() {
        const std::lock_guard lock(mutex_);
        return errors_;
    }

  private:
    bool waits(const std::function<bool()>& done) {
        std::unique_lock lock(mutex_);
        return condition_.wait_for(lock, 20s, done);
    }

    std::mutex mutex_;
    std::condition_variable condition_;
    std::vector<ConfigStore::Change> changes_;
    std::vector<std::string> errors_;
};

class Store : public testing::Test {
  protected:
    fs::path root() const { return directory_.path(); }
    std::string file() const { return (root() / "config.json").string(); }

    static void write(const std::string& path, const std::string& text) {
        std::ofstream(path) << text;
    }
    void write(const std::string& text) const { write(file(), text); }
    void replace(const std::string& text) const {
        write(file() + ".tmp", text);
        fs::rename(file() + ".tmp", file());
    }

    void open(const fixture::Variables& variables = {}) { open(file(), variables); }
    void open(const std::string& path, const fixture::Variables& variables = {}) {
        const Environment environment = fixture::environment(variables);
        auto first = load_config(path, environment);
        ASSERT_TRUE(first) << first.error().message;
        store_ = std::make_unique<ConfigStore>(std::make_shared<const Config>(*std::move(first)),
                                               environment);
    }
    void watch() { store_->watch(listener_.on_change(), listener_.on_broken()); }

    fixture::TemporaryDirectory directory_;
    Listener listener_;
    std::unique_ptr<ConfigStore> store_;  // stops before what it calls goes
};

TEST_F(Store, WrittenInPlace) {
    write(with_level("info"));
    open();
    watch();
    write(with_level("warn"));
    ASSERT_TRUE(listener_.sees_level("warn"));
    EXPECT_EQ(store_->get()->logging.level, "warn");
    const auto changes = listener_.changes();
    EXPECT_EQ(changes.back().before->logging.level, "info");
    EXPECT_EQ(changes.back().now, store_->get());
    EXPECT_THAT(changes.back().needs_restart, IsEmpty());
    EXPECT_THAT(listener_.errors(), IsEmpty());
}

TEST_F(Store, ReplacedByRenameAgainAndAgain) {
    write(with_level("info"));
    open();
    watch();
    for (const char* level : {"warn", "error", "debug", "trace"}) {
        replace(with_level(level));
        ASSERT_TRUE(listener_.sees_level(level)) << level;
    }
    EXPECT_THAT(listener_.errors(), IsEmpty());
}

TEST_F(Store, DeletedAndCreated) {
    write(with_level("info"));
    open();
    watch();
    fs::remove(file());
    ASSERT_TRUE(listener_.sees_errors(1));
    EXPECT_THAT(listener_.errors().back(),
                HasSubstr("config.json: the file was removed; the settings in force stay"));
    EXPECT_EQ(store_->get()->logging.level, "info");
    write(with_level("warn"));
    ASSERT_TRUE(listener_.sees_level("warn"));
}

TEST_F(Store, ABrokenFileLeavesTheOldInForce) {
    write(with_level("info"));
    open();
    watch();
    replace("{LOG_LEVEL: 'warn'\n PORT: 1}");
    ASSERT_TRUE(listener_.sees_errors(1));
    EXPECT_THAT(listener_.errors().back(), HasSubstr("config.json:1:19: missing comma"));
    EXPECT_EQ(store_->get()->logging.level, "info");
    EXPECT_FALSE(store_->reload());
    replace(with_level("error"));
    ASSERT_TRUE(listener_.sees_level("error"));
    EXPECT_EQ(listener_.errors().size(), 1u);
}

TEST_F(Store, TheSameBytesAreNoChange) {
    write(with_level("info"));
    open();
    watch();
    replace(with_level("info"));
    write(with_level("info"));
    replace(with_level("warn"));  // the only one to be heard of
    ASSERT_TRUE(listener_.sees_level("warn"));
    EXPECT_EQ(listener_.changes().size(), 1u);
}

TEST_F(Store, ChangesBeforeTheWatchAreNotLost) {
    write(with_level("info"));
    open();
    write(with_level("warn"));
    watch();
    EXPECT_TRUE(listener_.sees_level("warn"));
}

TEST_F(Store, AFileThatComesLater) {
    const std::string path = (root() / "a/b/config.json").string();
    open(path);
    EXPECT_TRUE(store_->get()->demo);
    watch();
    fs::create_directories(root() / "a/b");
    write(path, with_level("warn"));
    ASSERT_TRUE(listener_.sees_level("warn"));
    EXPECT_THAT(listener_.errors(), IsEmpty());
}

TEST_F(Store, SymbolicLinks) {
    fs::create_directories(root() / "dotfiles");
    const std::string target = (root() / "dotfiles/ccr.json").string();
    write(target, with_level("info"));
    fs::create_symlink(target, file());
    open();
    watch();
    write(target, with_level("warn"));
    ASSERT_TRUE(listener_.sees_level("warn"));
    write(target + "2", with_level("error"));
    fs::create_symlink(target + "2", file() + ".new");
    fs::rename(file() + ".new", file());
    ASSERT_TRUE(listener_.sees_level("error"));
    write(target + "2", with_level("debug"));
    ASSERT_TRUE(listener_.sees_level("debug"));
}

TEST_F(Store, WhatNeedsARestartWaits) {
    write("{PORT: 4000, HOST: '127.0.0.1', LOG: true}");
    open();
    watch();
    replace(with_level("warn", "PORT: 4001, HOST: '::1', LOG: false, API_TIMEOUT_MS: 5"));
    ASSERT_TRUE(listener_.sees_level("warn"));
    EXPECT_THAT(listener_.changes().back().needs_restart, ElementsAre("PORT", "HOST", "LOG"));
    const ConfigPtr now = store_->get();
    EXPECT_EQ(now->listen.port, 4000);
    EXPECT_EQ(now->listen.host, "127.0.0.1");
    EXPECT_TRUE(now->logging.to_file);
    EXPECT_EQ(now->timeouts.idle, 5ms);
}

std::string with_tls(std::string_view level, std::string_view more = "") {
    return with_level(level,
                      "TLS: {cert: '/no/cert.pem', key: '/no/key.pem'" + std::string(more) + "}");
}

// A TLS listener that runs keeps what it has read of files that are damaged or gone now.
TEST_F(Store, UnusableTlsFilesAreToldOfAsTheyAre) {
    write(with_tls("info"));
    auto running = std::make_shared<Config>(load_config(file(), fixture::environment()).value());
    EXPECT_THAT(fixture::found(*running, "tls").message, HasSubstr(kTlsNotListened));
    EXPECT_FALSE(running->listen.tls);
    running->listen.tls = std::exchange(running->listen.unusable_tls, std::nullopt);
    store_ = std::make_unique<ConfigStore>(running, fixture::environment());
    watch();
    replace(with_tls("warn"));
    ASSERT_TRUE(listener_.sees_level("warn"));
    EXPECT_THAT(listener_.changes().back().needs_restart, IsEmpty());
    const Finding finding = fixture::found(*store_->get(), "tls");
    EXPECT_THAT(finding.message, HasSubstr("/no/cert.pem"));
    EXPECT_THAT(finding.message, HasSubstr("TLS is listened on with what was read before"));
    EXPECT_EQ(finding.message.find(kTlsNotListened), std::string::npos);
    replace(with_tls("error", ", port: 4444"));
    ASSERT_TRUE(listener_.sees_level("error"));
    EXPECT_THAT(listener_.changes().back().needs_restart, ElementsAre("TLS"));
    replace(with_level("debug"));
    ASSERT_TRUE(listener_.sees_level("debug"));
    EXPECT_THAT(listener_.changes().back().needs_restart, ElementsAre("TLS"));
}

TEST_F(Store, AnOpenSocketKeepsItsKey) {
    write("{HOST: '0.0.0.0', APIKEY: 'first-key'}");
    open();
    replace(with_level("warn", "HOST: '0.0.0.0'"));
    ASSERT_TRUE(store_->reload());
    EXPECT_EQ(store_->get()->access.api_key, "first-key");
    EXPECT_EQ(store_->get()->listen.host, "0.0.0.0");
    EXPECT_THAT(store_->get()->secrets, testing::Contains("first-key"));
    replace(with_level("warn", "HOST: '0.0.0.0', APIKEY: 'second-key'"));
    ASSERT_TRUE(store_->reload());
    EXPECT_EQ(store_->get()->access.api_key, "second-key");
}

TEST_F(Store, ReloadWithoutAWatch) {
    write(with_level("info"));
    open();
    write(with_level("warn"));
    ASSERT_TRUE(store_->reload());
    EXPECT_EQ(store_->get()->logging.level, "warn");
    fs::remove(file());
    EXPECT_FALSE(store_->reload());
}

TEST_F(Store, ReloadTellsTheWatchersCallbacks) {
    write(with_level("info"));
    open();
    watch();
    write(with_level("warn"));
    ASSERT_TRUE(store_->reload());
    ASSERT_TRUE(listener_.sees_level("warn"));
    EXPECT_EQ(listener_.changes().size(), 1u);
}

TEST_F(Store, StopsAtOnce) {
    write(with_level("info"));
    for (int i = 0; i < 20; ++i) {
        open();
        watch();
        if (i % 2 == 0) write(with_level(i % 4 == 0 ? "warn" : "info"));
        const auto start = std::chrono::steady_clock::now();
        store_.reset();
        EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
    }
}

TEST_F(Store, ManyReadersAndReloads) {
    write(with_level("info"));
    open();
    watch();
    std::atomic<bool> done = false;
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&, i] {
            while (!done) {
                EXPECT_FALSE(store_->get()->logging.level.empty());
                if (i > 0) continue;
                EXPECT_TRUE(store_->reload());
            }
        });
    }
    for (int i = 0; i < 20; ++i) replace(with_level(i % 2 == 0 ? "warn" : "error"));
    replace(with_level("fatal"));
    EXPECT_TRUE(listener_.sees_level("fatal"));
    done = true;
    for (std::thread& thread : threads) thread.join();
    // Every change began where the one before it ended.
    const auto changes = listener_.changes();
    for (std::size_t i = 1; i < changes.size(); ++i)
        EXPECT_EQ(changes[i].before, changes[i - 1].now);
}

}  // namespace
}  // namespace ccr::config
