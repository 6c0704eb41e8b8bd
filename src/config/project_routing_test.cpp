#include "config/project_routing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "config/config_fixture.h"
#include "config/temporary_directory_fixture.h"

namespace ccr::config {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

constexpr const char* kSession = "4b0a1c1e-0000-4000-8000-00000000abcd";
constexpr const char* kProject = "-home-dev-shop";

class ProjectRoutingTest : public testing::Test {
  protected:
    ProjectRoutingTest() { config = global("{default: 'a,m1', think: 'a,m2'}"); }

    static ConfigPtr global(const std::string& router) {
        return std::make_shared<const Config>(fixture::parsed(
            "{Providers: [{name: 'a', api_base_url: 'https://a.example/v1/chat/completions', "
            "api_key: 'k', models: ['m1', 'm2', 'm3']}], Router: " +
            router + "}"));
    }
    void write(const std::string& file, const std::string& text) {
        const auto path = directory.path() / file;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << text;
    }
    void begin_session() {
        write(std::string("projects/") + kProject + "/" + kSession + ".jsonl", "");
    }
    void write_project(const std::string& text) {
        write(std::string("ccr/") + kProject + "/config.json", text);
    }
    void write_session(const std::string& text) {
        write(std::string("ccr/") + kProject + "/" + kSession + ".json", text);
    }
    ProjectRouting look(std::string_view session = kSession) {
        now += 10s;
        return routings.of(session, config, now);
    }

    fixture::TemporaryDirectory directory;
    ConfigPtr config;
    std::vector<std::string> told;
    ProjectRoutings::Clock::time_point now = ProjectRoutings::Clock::now();
    ProjectRoutings routings{directory.path() / "projects", directory.path() / "ccr",
                             fixture::environment({{"MODEL", "m3"}}),
                             [this](const std::string& message) { told.push_back(message); }};
};

TEST_F(ProjectRoutingTest, ASessionWithoutAFileHasTheGlobalRouter) {
    begin_session();
    const ProjectRouting found = look();
    EXPECT_EQ(found.project, kProject);
    EXPECT_EQ(found.config, nullptr);
    EXPECT_THAT(told, IsEmpty());
}

TEST_F(ProjectRoutingTest, R7_EachFileOverlaysTheWiderRouterKeyByKey) {
    begin_session();
    write_project("{Router: {default: 'a,m2', background: 'a,m3'}}");
    write_session("// for this session\n{Router: {default: 'a,$MODEL'}}");
    const ProjectRouting found = look();
    ASSERT_NE(found.config, nullptr);
    EXPECT_EQ(found.config->routing.fallback_default->model, "m3");
    EXPECT_EQ(found.config->routing.background->model, "m3");
    EXPECT_EQ(found.config->routing.think->model, "m2") << "the global one's key is lost";
    EXPECT_EQ(found.files.size(), 2u);
    EXPECT_THAT(told, IsEmpty());
}

TEST_F(ProjectRoutingTest, R6_ASessionIsFoundAfterItsFirstRequest) {
    write_project("{Router: {default: 'a,m2'}}");
    EXPECT_EQ(look().project, "");
    begin_session();
    EXPECT_EQ(routings.of(kSession, config, now + 1s).project, "") << "searched at every request";
    EXPECT_EQ(routings.of(kSession, config, now + 4s).project, kProject);
}

TEST_F(ProjectRoutingTest, AChangedFileCountsAtTheNextLook) {
    begin_session();
    write_project("{Router: {default: 'a,m2'}}");
    EXPECT_EQ(look().config->routing.fallback_default->model, "m2");
    write_project("{Router: {default: 'a,m3'}}  ");
    EXPECT_EQ(look().config->routing.fallback_default->model, "m3");
    std::filesystem::remove_all(directory.path() / "ccr");
    EXPECT_EQ(look().config, nullptr);
}

TEST_F(ProjectRoutingTest, AReloadCountsAtOnce) {
    begin_session();
    write_project("{Router: {default: 'a,m2'}}");
    EXPECT_EQ(look().config->routing.think->model, "m2");
    config = global("{default: 'a,m1', think: 'a,m1'}");
    EXPECT_EQ(routings.of(kSession, config, now).config->routing.think->model, "m1");
}

TEST_F(ProjectRoutingTest, ABrokenFileIsToldOnceAndChangesNothing) {
    begin_session();
    write_project("{Router: {default: 'a,m2'");
    EXPECT_EQ(look().config, nullptr);
    EXPECT_EQ(look().config, nullptr);
    ASSERT_EQ(told.size(), 1u);
    EXPECT_THAT(told[0], HasSubstr("config.json:1:"));
}

TEST_F(ProjectRoutingTest, AMistakeIsAFindingWithItsPlace) {
    begin_session();
    write_project("{Router: {default: 'nobody,m2'}}");
    look();
    ASSERT_EQ(told.size(), 1u);
    EXPECT_THAT(told[0], HasSubstr("config.json:1:"));
    EXPECT_THAT(told[0], HasSubstr("nobody"));
}

TEST_F(ProjectRoutingTest, R21_ASessionIdIsNoPath) {
    write("projects/p/x.jsonl", "");
    for (const char* id : {"", "../p/x", "x/../x", "x.y", "x\\y", "a b", "\xc3\xbc"}) {
        EXPECT_FALSE(is_session_id(id)) << id;
        EXPECT_EQ(look(id).project, "") << id;
    }
    EXPECT_FALSE(is_session_id(std::string(129, 'a')));
    EXPECT_EQ(look("x").project, "p");
}

}  // namespace
}  // namespace ccr::config
