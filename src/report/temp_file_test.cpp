#include "report/temp_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "config/temporary_directory_fixture.h"

namespace ccr::report {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::UnorderedElementsAre;

class TempFileTest : public testing::Test {
  protected:
    std::string root() const { return root_.path(); }
    std::string path(const std::string& name) const {
        return root() + "/claude-code-router/" + name;
    }
    std::vector<std::string> names(const std::string& directory = "claude-code-router") const {
        std::vector<std::string> out;
        for (const auto& entry : std::filesystem::directory_iterator(root() + "/" + directory))
            out.push_back(entry.path().filename());
        return out;
    }
    static std::string read(const std::string& path) {
        std::ifstream file(path);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    static mode_t mode(const std::string& path) {
        struct stat found{};
        EXPECT_EQ(::lstat(path.c_str(), &found), 0);
        return found.st_mode & 0777;
    }
    static Record of(const std::string& session, std::int64_t tokens = 7) {
        Record record;
        record.session = session;
        record.tokens = tokens;
        record.time = std::chrono::system_clock::time_point(1'700'000'000'000ms);
        return record;
    }

    config::fixture::TemporaryDirectory root_;
};

TEST_F(TempFileTest, O4OneFileASessionUnderTheNameThatStatusLinesKnow) {
    TempFile file(root(), {});
    file.take(of("s-1", 7));
    file.take(of("s-1", 8));
    file.take(of("s-2"));
    EXPECT_THAT(names(), UnorderedElementsAre("session-s-1.json", "session-s-2.json"));
    EXPECT_THAT(read(path("session-s-1.json")), HasSubstr("\"tokenCount\": 8"));
    EXPECT_EQ(mode(path("session-s-1.json")), 0600u);
    EXPECT_EQ(mode(root() + "/claude-code-router"), 0700u);
}

TEST_F(TempFileTest, ItsNameIsTheOwnersToChoose) {
    config::FileOutput settings;
    settings.directory = "a/b";
    settings.prefix = "speed";
    settings.extension = "txt";
    TempFile(root(), settings).take(of("s"));
    EXPECT_THAT(names("a/b"), UnorderedElementsAre("speed-s.txt"));
}

TEST_F(TempFileTest, O4WithItsTimeAFileIsWrittenForAnAnswerNotForASecond) {
    config::FileOutput settings;
    settings.with_time = true;
    TempFile file(root(), settings);
    file.take(of("s"));
    EXPECT_FALSE(std::filesystem::exists(root() + "/claude-code-router"));
    Record end = of("s");
    end.is_final = true;
    file.take(end);
    EXPECT_THAT(names(), UnorderedElementsAre("session-s-1700000000000.json"));
}

TEST_F(TempFileTest, FilesOfLongAgoGo) {
    TempFile file(root(), {});
    file.take(of("old"));
    Record later = of("new");
    later.time += 25h;
    file.take(later);
    EXPECT_THAT(names(), UnorderedElementsAre("session-new.json"));
    for (int i = 0; i < 1005; ++i) {
        Record more = later;
        more.session = std::to_string(i);
        file.take(more);
    }
    EXPECT_EQ(names().size(), 1000u);
}

TEST_F(TempFileTest, FilesOfFormerRunsGoToo) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto make = [&](const std::string& name, std::chrono::seconds age) {
        std::ofstream(path(name)) << "{}";
        std::filesystem::last_write_time(path(name),
                                         std::filesystem::file_time_type::clock::now() - age);
    };
    std::filesystem::create_directory(root() + "/claude-code-router");
    for (const char* const name :
         {"session-old.json", "session-old.txt", "other-old.json", ".0123456789ab.new"})
        make(name, 25h);
    make(".ba9876543210.new", 0s);
    make("session-young.json", 1h);
    std::filesystem::create_directory(path("session-folder.json"));
    TempFile file(root(), {});
    Record record = of("s");
    record.time = now;
    file.take(record);
    EXPECT_THAT(names(), UnorderedElementsAre("session-old.txt", "other-old.json",
                                              ".ba9876543210.new", "session-young.json",
                                              "session-folder.json", "session-s.json"));
    for (int i = 0; i < 1005; ++i) make("session-" + std::to_string(i) + ".json", 1h);
    TempFile(root(), {}).take(record);
    const auto left = names();
    EXPECT_EQ(std::ranges::count_if(left,
                                    [](const std::string& name) {
                                        return name.starts_with("session-") &&
                                               name.ends_with(".json");
                                    }),
              1001);  // with the folder
}

TEST_F(TempFileTest, AHostileSessionStaysInTheDirectory) {
    TempFile file(root(), {});
    file.take(of("../../../escaped"));
    file.take(of("/etc/passwd"));
    EXPECT_THAT(names(),
                UnorderedElementsAre(
                    MatchesRegex("session-\\.\\._\\.\\._\\.\\._escaped-[0-9a-f]{8}\\.json"),
                    MatchesRegex("session-_etc_passwd-[0-9a-f]{8}\\.json")));
}

TEST_F(TempFileTest, SessionsThatDifferInOddCharactersHaveTheirOwnFiles) {
    TempFile file(root(), {});
    for (const char* const session : {"a/b", "a:b", "a_b"}) file.take(of(session));
    EXPECT_EQ(names().size(), 3u);
    EXPECT_THAT(names(), Contains("session-a_b.json"));
}

TEST_F(TempFileTest, ALinkIsReplacedNotFollowed) {
    const std::string victim = root() + "/victim";
    std::ofstream(victim) << "whole";
    std::filesystem::create_directory(root() + "/claude-code-router");
    std::filesystem::create_symlink(victim, path("session-s.json"));
    TempFile(root(), {}).take(of("s"));
    EXPECT_EQ(read(victim), "whole");
    EXPECT_THAT(read(path("session-s.json")), HasSubstr("tokenCount"));
}

TEST_F(TempFileTest, ADirectoryThatIsALinkIsRefused) {
    std::filesystem::create_directory(root() + "/elsewhere");
    std::filesystem::create_symlink(root() + "/elsewhere", root() + "/claude-code-router");
    const auto written = write_temp_file(root(), "claude-code-router", "x", "y");
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error().message, HasSubstr("TMPDIR"));
    EXPECT_TRUE(std::filesystem::is_empty(root() + "/elsewhere"));
}

TEST_F(TempFileTest, ADirectoryThatOthersMayWriteToBecomesOneThatTheyMayNot) {
    const std::string directory = root() + "/claude-code-router";
    std::filesystem::create_directory(directory);
    for (const mode_t before : {0777u, 0775u, 0757u}) {
        ::chmod(directory.c_str(), before);
        EXPECT_TRUE(write_temp_file(root(), "claude-code-router", "x", "y"));
        EXPECT_EQ(mode(directory), 0755u);
    }
}

TEST_F(TempFileTest, ADirectoryThatWasThereStaysAsItsOwnerHasIt) {
    std::filesystem::create_directory(root() + "/shared");
    ::chmod((root() + "/shared").c_str(), 0755);
    EXPECT_TRUE(write_temp_file(root(), "shared/speed", "x", "y"));
    EXPECT_EQ(mode(root() + "/shared"), 0755u);
    EXPECT_EQ(mode(root() + "/shared/speed"), 0700u);
    EXPECT_EQ(mode(root() + "/shared/speed/x"), 0600u);
}

}  // namespace
}  // namespace ccr::report
