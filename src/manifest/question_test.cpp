#include "manifest/question.h"

#include <gtest/gtest.h>

namespace ccr::manifest {
namespace {

Manifest manifest_of(const std::string& text) {
    auto manifest = parse_manifest(text, "/presets/shop");
    EXPECT_TRUE(manifest) << (manifest ? "" : manifest.error().message);
    return std::move(*manifest);
}

std::vector<std::string> ids(const Manifest& manifest) {
    std::vector<std::string> out;
    for (const Question& question : questions_of(manifest)) out.push_back(question.id);
    return out;
}

TEST(Questions, ComeAfterThoseTheyDependOn) {
    const Manifest manifest = manifest_of(R"({schema: [
        {id: "model", dependsOn: ["provider"], when: {field: "wanted", value: true}},
        {id: "key"}, {id: "provider"}, {id: "wanted", type: "confirm"}, {label: "no id"}]})");
    EXPECT_EQ(ids(manifest), (std::vector<std::string>{"provider", "wanted", "model", "key"}));
}

TEST(Questions, ACircleIsCut) {
    EXPECT_EQ(
        ids(manifest_of(R"({schema: [{id: "a", dependsOn: ["b"]}, {id: "b", dependsOn: ["a"]}]})")),
        (std::vector<std::string>{"b", "a"}));
}

TEST(Questions, ChoicesAreWrittenOrComeFromProviders) {
    const Manifest manifest = manifest_of(R"({
        Providers: [{name: "a", api_base_url: "http://a", models: ["m1", "m2"]}, {id: "b", models: ["m3"]}],
        schema: [{id: "p", type: "select", options: {type: "providers"}},
                 {id: "m", type: "select", options: {type: "models", providerField: "#{p}"}},
                 {id: "s", type: "select", options: [{label: "One", value: 1, disabled: true}, "two"]}]})");
    const auto questions = questions_of(manifest);
    const auto providers = choices_of(questions[0], manifest, Json::object());
    ASSERT_EQ(providers.size(), 2U);
    EXPECT_EQ(providers[0].value, "a");
    EXPECT_EQ(providers[0].description, "http://a");
    EXPECT_EQ(providers[1].value, "b");
    const auto models = choices_of(questions[1], manifest, {{"p", "a"}});
    ASSERT_EQ(models.size(), 2U);
    EXPECT_EQ(models[1].value, "m2");
    EXPECT_TRUE(choices_of(questions[1], manifest, Json::object()).empty());
    const auto written = choices_of(questions[2], manifest, Json::object());
    ASSERT_EQ(written.size(), 2U);
    EXPECT_EQ(written[0].label, "One");
    EXPECT_TRUE(written[0].disabled);
    EXPECT_EQ(written[1].value, "two");
}

struct Answer {
    const char* question;
    const char* answer;
    bool is_good;
};
class CheckAnswer : public testing::TestWithParam<Answer> {};

TEST_P(CheckAnswer, SaysWhetherItWillDo) {
    const Manifest manifest = manifest_of(std::string("{schema: [") + GetParam().question + "]}");
    const Question question = questions_of(manifest).front();
    const auto outcome = check_answer(question, Json::parse(GetParam().answer),
                                      choices_of(question, manifest, Json::object()));
    EXPECT_EQ(outcome.has_value(), GetParam().is_good)
        << GetParam().question << " " << GetParam().answer
        << (outcome ? "" : outcome.error().message);
}

INSTANTIATE_TEST_SUITE_P(
    All, CheckAnswer,
    testing::Values(
        Answer{R"({id: "a"})", R"("x")", true}, Answer{R"({id: "a"})", R"("")", false},
        Answer{R"({id: "a", required: false})", "null", true},
        Answer{R"({id: "a", validator: "^sk-"})", R"("sk-1")", true},
        Answer{R"({id: "a", validator: "^sk-"})", R"("pk-1")", false},
        Answer{R"({id: "a", validator: "("})", R"("x")", false},
        Answer{R"({id: "a", type: "number", min: 1, max: 3})", "2", true},
        Answer{R"({id: "a", type: "number", min: 1, max: 3})", "4", false},
        Answer{R"({id: "a", type: "number", min: 1})", "0", false},
        Answer{R"({id: "a", type: "number"})", R"("2")", false},
        Answer{R"({id: "a", type: "confirm"})", "false", true},
        Answer{R"({id: "a", type: "confirm"})", R"("no")", false},
        Answer{R"({id: "a", type: "select", options: ["x", "y"]})", R"("y")", true},
        Answer{R"({id: "a", type: "select", options: ["x", "y"]})", R"("z")", false},
        Answer{R"({id: "a", type: "select", options: [{value: "x", disabled: true}]})", R"("x")",
               false},
        Answer{R"({id: "a", type: "multiselect", options: ["x", "y"]})", R"(["x"])", true},
        Answer{R"({id: "a", type: "multiselect", options: ["x", "y"]})", R"(["x", "z"])", false},
        Answer{R"({id: "a", type: "multiselect", options: ["x"]})", "[]", false}));

TEST(Answers, OfATextAreOfTheQuestionsType) {
    Question question;
    question.type = "number";
    EXPECT_EQ(*answer_of_text(question, "3"), Json(3));
    EXPECT_EQ(*answer_of_text(question, "0.5"), Json(0.5));
    EXPECT_FALSE(answer_of_text(question, "many"));
    question.type = "confirm";
    EXPECT_EQ(*answer_of_text(question, "yes"), Json(true));
    EXPECT_FALSE(answer_of_text(question, "perhaps"));
    question.type = "multiselect";
    EXPECT_EQ(*answer_of_text(question, "a,b"), Json::array({"a", "b"}));
    EXPECT_EQ(*answer_of_text(question, ""), Json::array());
    question.type = "password";
    EXPECT_EQ(*answer_of_text(question, "3"), Json("3"));
}

TEST(Answers, AreCompletedByDefaultsOfWhatIsAsked) {
    const Manifest manifest = manifest_of(R"({
        schema: [{id: "a", defaultValue: "x"}, {id: "b", defaultValue: 2, when: {field: "a", value: "y"}}, {id: "c"},
                 {id: "d", when: {field: "a", value: "y"}}],
        userValues: {d: "left over", "Router.default": "p,m"}})");
    EXPECT_EQ(completed_answers(manifest), (Json{{"Router.default", "p,m"}, {"a", "x"}}));
}

}  // namespace
}  // namespace ccr::manifest
