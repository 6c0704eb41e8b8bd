#include "store/state.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "base/ids.h"
#include "store/database.h"

namespace ccr::store {
namespace {

using namespace std::chrono_literals;

class StateTest : public testing::Test {
  protected:
    StateTest() { std::filesystem::create_directories(directory_); }
    ~StateTest() override { std::filesystem::remove_all(directory_); }

    StateSettings settings() const { return {.file = file_}; }

    static std::vector<Record> taken(State& state, std::string_view kind = "k") {
        EXPECT_TRUE(state.wait_loaded(20s));
        return state.take(kind).value_or(std::vector<Record>());
    }
    std::vector<Record> stored(std::string_view kind = "k") const {
        State state(settings());
        return taken(state, kind);
    }

    std::string directory_ =
        (std::filesystem::temp_directory_path() / ("ccr-state-" + random_hex(6))).string();
    std::string file_ = directory_ + "/home/state.sqlite";
};

mode_t mode_of(const std::string& path) {
    struct stat found{};
    return ::stat(path.c_str(), &found) == 0 ? found.st_mode & 0777 : 0;
}

TEST_F(StateTest, WhatIsPutOutlivesTheObjectOldestFirst) {
    {
        State state(settings());
        state.put({"k", "new", "2", 20});
        state.put({"k", "old", "1", 10});
        state.put({"other", "x", "3", 1});
    }
    const auto records = stored();
    ASSERT_EQ(records.size(), 2u);
    EXPECT_EQ(records[0].key, "old");
    EXPECT_EQ(records[1].value, "2");
    EXPECT_EQ(records[1].used_at, 20);
    EXPECT_EQ(stored("other").size(), 1u);
}

TEST_F(StateTest, ChangesHappenInTheirOrder) {
    {
        State state(settings());
        state.put({"k", "a", "1", 1});
        state.put({"k", "b", "1", 1});
        state.remove("k", "a");
        state.put({"k", "b", "2", 2});
        state.put({"gone", "c", "1", 1});
        state.clear("gone");
    }
    const auto records = stored();
    ASSERT_EQ(records.size(), 1u);
    EXPECT_EQ(records[0].value, "2");
    EXPECT_TRUE(stored("gone").empty());
}

TEST_F(StateTest, NothingIsMadeUntilSomethingIsPut) {
    {
        State state(settings());
        EXPECT_TRUE(taken(state).empty());
        state.flush();
    }
    EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(StateTest, FileAndDirectoryAreTheirOwnersAlone) {
    State state(settings());
    state.put({"k", "a", "1", 1});
    state.flush();
    EXPECT_EQ(mode_of(file_), 0600u);
    EXPECT_EQ(mode_of(file_ + "-wal"), 0600u);
    EXPECT_EQ(mode_of(directory_ + "/home"), 0700u);
}

TEST_F(StateTest, AFileReadableByOthersIsClosedToThem) {
    std::filesystem::create_directories(directory_ + "/home");
    std::ofstream(file_).flush();
    ::chmod(file_.c_str(), 0644);
    State state(settings());
    state.put({"k", "a", "1", 1});
    state.flush();
    EXPECT_EQ(mode_of(file_), 0600u);
}

TEST_F(StateTest, ADamagedFileIsSetAsideAndANewOneBegun) {
    std::filesystem::create_directories(directory_ + "/home");
    std::ofstream(file_) << std::string(8192, 'x');
    {
        State state(settings());
        EXPECT_TRUE(taken(state).empty());
        state.put({"k", "a", "1", 1});
        state.flush();
        EXPECT_EQ(state.dropped(), 0u);
    }
    EXPECT_EQ(stored().size(), 1u);
    int aside = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory_ + "/home")) {
        if (entry.path().string().find(".damaged-") == std::string::npos) continue;
        std::ifstream in(entry.path());
        const std::string content{std::istreambuf_iterator<char>(in), {}};
        EXPECT_EQ(content, std::string(8192, 'x'));
        ++aside;
    }
    EXPECT_EQ(aside, 1);
}

// The pages behind the first are read when their rows are: the damage shows late.
TEST_F(StateTest, ADamagedPageIsNoticedToo) {
    {
        State state(settings());
        for (int i = 0; i < 200; ++i)
            state.put({"k", std::to_string(i), std::string(1000, 'v'), i});
    }
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(40'000, 'x');
    file.close();
    EXPECT_TRUE(stored().empty());
    {
        State state(settings());
        state.put({"k", "fresh", "1", 1});
    }
    EXPECT_EQ(stored().size(), 1u);
}

TEST_F(StateTest, AnUnwritablePlaceCostsWritesButNothingElse) {
    std::filesystem::create_directories(directory_);
    std::ofstream(directory_ + "/home") << "a file where the directory should be";
    State state(settings());
    EXPECT_TRUE(taken(state).empty());
    state.put({"k", "a", "1", 1});
    state.flush();
    EXPECT_EQ(state.dropped(), 1u);
}

TEST_F(StateTest, WritesGoOnOnceThePlaceIsUsableAgain) {
    State state(settings());
    state.put({"k", "a", "1", 1});
    state.flush();
    std::filesystem::remove_all(directory_ + "/home");
    std::ofstream(directory_ + "/home") << "in the way";
    state.put({"k", "b", "1", 1});
    state.flush();
    EXPECT_EQ(state.dropped(), 1u);
    std::filesystem::remove(directory_ + "/home");
    state.put({"k", "c", "1", 1});
    state.flush();
    EXPECT_EQ(state.dropped(), 1u);
    EXPECT_EQ(stored().size(), 1u);
}

TEST_F(StateTest, AFileOfALaterVersionIsLeftAlone) {
    std::filesystem::create_directories(directory_ + "/home");
    {
        auto database = Database::open(file_);
        ASSERT_TRUE(database);
        ASSERT_TRUE(database->run("PRAGMA user_version = 99; CREATE TABLE theirs(x)"));
    }
    {
        State state(settings());
        EXPECT_TRUE(taken(state).empty());
        state.put({"k", "a", "1", 1});
        state.flush();
        EXPECT_EQ(state.dropped(), 1u);
    }
    auto database = Database::open(file_);
    ASSERT_TRUE(database);
    EXPECT_EQ(database->number("PRAGMA user_version").value_or(0), 99);
    EXPECT_EQ(database->number("SELECT count(*) FROM sqlite_schema").value_or(0), 1);
}

TEST_F(StateTest, TheOldestGoWhenTheFileIsFull) {
    StateSettings small = settings();
    small.most_bytes = 256u << 10;
    {
        State state(small);
        for (int i = 0; i < 2000; ++i) {
            state.put({"k", std::to_string(i), std::string(1000, 'v'), i});
            if (i % 200 == 0) state.flush();
        }
    }
    const auto records = stored();
    ASSERT_GT(records.size(), 100u);
    EXPECT_LT(records.size(), 256u);
    EXPECT_EQ(records.back().key, "1999");
    EXPECT_EQ(records.front().used_at, 2000 - static_cast<int>(records.size()));
    EXPECT_LT(std::filesystem::file_size(file_), 1u << 20);
}

TEST_F(StateTest, AFullQueueDropsAndCountsInsteadOfWaiting) {
    std::filesystem::create_directories(directory_ + "/home");
    auto holder = Database::open(file_);
    ASSERT_TRUE(holder);
    ASSERT_TRUE(holder->run("CREATE TABLE t(x); BEGIN EXCLUSIVE"));
    StateSettings narrow = settings();
    narrow.most_queued = 10;
    State state(narrow);
    for (int i = 0; i < 1000; ++i) state.put({"k", std::to_string(i), "v", i});
    EXPECT_GE(state.dropped(), 900u);
    ASSERT_TRUE(holder->run("COMMIT"));
}

TEST_F(StateTest, TwoServicesShareOneFile) {
    {
        State one(settings());
        State two(settings());
        for (int i = 0; i < 100; ++i) {
            one.put({"k", "one" + std::to_string(i), "v", i});
            two.put({"k", "two" + std::to_string(i), "v", i});
        }
        one.flush();
        two.flush();
        EXPECT_EQ(one.dropped() + two.dropped(), 0u);
    }
    EXPECT_EQ(stored().size(), 200u);
}

// As when two services begin together: SQLite refuses the change to WAL at once while another
// writes, whatever patience it was given.
TEST_F(StateTest, AFileThatAnotherServiceWritesIsOpenedWhenItHasDone) {
    {
        State(settings()).put({"k", "a", "1", 1});
    }
    auto other = Database::open(file_);
    ASSERT_TRUE(other && other->run("PRAGMA journal_mode = DELETE; BEGIN IMMEDIATE"));
    {
        State state(settings());
        std::this_thread::sleep_for(50ms);
        ASSERT_TRUE(other->run("COMMIT"));
        state.put({"k", "b", "2", 2});
        state.flush();
        EXPECT_EQ(state.dropped(), 0u);
        EXPECT_EQ(taken(state).size(), 1u);
    }
    EXPECT_EQ(stored().size(), 2u);
}

TEST_F(StateTest, WithoutAFileEverythingStaysInMemory) {
    State state(StateSettings{});
    state.put({"k", "a", "1", 1});
    state.flush();
    EXPECT_TRUE(taken(state).empty());
    EXPECT_EQ(state.dropped(), 0u);
}

TEST_F(StateTest, ManyThreadsMayPut) {
    {
        State state(settings());
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&state, t] {
                for (int i = 0; i < 200; ++i)
                    state.put({"k", std::to_string(t) + "." + std::to_string(i), "v", i});
            });
        }
        for (std::thread& thread : threads) thread.join();
    }
    EXPECT_EQ(stored().size(), 800u);
}

}  // namespace
}  // namespace ccr::store
