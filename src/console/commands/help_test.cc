#include "console/commands/help.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/text.h"
#include "base/utf8.h"
#include "console/commands/command_table.h"
#include "console/commands/glossary.h"
#include "console/session/session.h"
#include "scenario/catalogue.h"
#include "tests/fakes/failing_network.h"

namespace delstep {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Help : public testing::Test {
 protected:
  std::string Of(std::string_view topic, std::size_t width = 80) const {
    const auto lines =
        HelpLines(topic, {.registry = registry_, .scenario = scenario_, .width = width});
    return lines ? Join(*lines, "\n")
                 : "error: " + lines.error().message + "; " + lines.error().hint;
  }

  Registry registry_ = MakeRegistry({});
  Scenario scenario_;
};

TEST_F(Help, ListsEachVerbOnceAndFitsFourPages) {
  const std::string text = Of("");
  EXPECT_LE(Split(text, '\n').size(), 110u);
  for (const std::string& verb : Verbs()) {
    std::size_t rows = 0;
    for (const std::string_view line : Split(text, '\n'))
      rows += std::string(line).starts_with("  " + verb + " ");
    EXPECT_EQ(rows, 1u) << verb;
  }
}

TEST_F(Help, IsNeverWiderThanAskedForAndBreaksBetweenWords) {
  for (const std::string& topic : HelpTopics())
    for (const std::size_t width : {60, 80, 100}) {
      const std::string text = Of(topic, width);
      EXPECT_FALSE(text.starts_with("error")) << topic;
      // A word may be wider than what is left of a line beside its column, but never broken.
      for (const std::string_view line : Split(text, '\n'))
        EXPECT_TRUE(DisplayWidth(line) <= width || Trim(line).find(' ') == std::string_view::npos)
            << topic << ": " << line;
    }
}

TEST_F(Help, TellsOfACommandWhatItsWordsMayBe) {
  const std::string text = Of("link");
  EXPECT_THAT(text, HasSubstr("example: link 10.0.0.1 10.0.0.2 latency 20ms"));
  EXPECT_THAT(text, HasSubstr("  P          a probability: a number from 0 to 1"));
  EXPECT_THAT(text, HasSubstr("  T          a latency: 20ms"));
}

TEST_F(Help, TellsOfEachFileWhatItIs) {
  for (const auto& [topic, what] :
       {std::pair{"import", "FILE       a file of a model"},
        std::pair{"export", "FILE       a file of a model"},
        std::pair{"load", "FILE       a file of commands"},
        std::pair{"save topology", "FILE       a file to write a topo"},
        std::pair{"save results", "FILE       a file to write results"}}) {
    EXPECT_THAT(Of(topic), HasSubstr(what));
    const std::string text = Of(topic);
    EXPECT_EQ(text.find("\n  FILE  "), text.rfind("\n  FILE  ")) << topic;
  }
  EXPECT_THAT(Of("FILE"), HasSubstr("a file of commands"));
  EXPECT_THAT(Of("FILE"), HasSubstr("a file of a model"));
}

TEST_F(Help, ExplainsEachPlaceholderOfEachUsage) {
  std::set<std::string_view> known;
  for (const PlaceholderHelp& placeholder : Placeholders()) known.insert(placeholder.name);
  for (const Command& command : Commands()) {
    std::string usage(command.usage);
    for (char& c : usage)
      if (std::isalpha(static_cast<unsigned char>(c)) == 0) c = ' ';
    for (const std::string_view word : Split(usage, ' '))
      if (!word.empty() && std::ranges::all_of(word, [](char c) { return c >= 'A' && c <= 'Z'; })) {
        EXPECT_TRUE(known.contains(word)) << word << " in " << command.usage;
      }
  }
}

TEST_F(Help, TellsOfAKeyItsRangeDefaultAndHowToChangeIt) {
  scenario_.training.lr = 0.5;
  const std::string text = Of("training.lr");
  EXPECT_THAT(text, HasSubstr("  may be     a number from 0 to 1000000"));
  EXPECT_THAT(text, HasSubstr("  default    0.001"));
  EXPECT_THAT(text, HasSubstr("  now        0.5"));
  EXPECT_THAT(text, HasSubstr("`set training.lr VALUE`"));
  EXPECT_THAT(Of("lr"), HasSubstr("training.lr\n  Learning rate."));
  EXPECT_THAT(Of("name"), HasSubstr("keys: topology.name, "));
  EXPECT_THAT(Of("topology.name"), HasSubstr("at the start only: `delstep topology.name=VALUE`"));
}

TEST_F(Help, ListsTheKeysOfASectionAndTheCommandsOfAGroup) {
  EXPECT_THAT(Of("topology"), HasSubstr("topology.radius"));
  EXPECT_THAT(Of("learning"), HasSubstr("lrate V [NODE...]"));
  EXPECT_EQ(CommandsAbout("").size(), Commands().size());
  EXPECT_EQ(CommandsAbout("link P").size(), 1u);
  EXPECT_THAT(Of("keys"), HasSubstr("lr_schedule"));
}

// People see NAME and N in several places, and each place takes something of its own.
TEST_F(Help, ExplainsNamesAndNumbersByWhatTheCommandTakes) {
  EXPECT_THAT(Of("switch"), AllOf(HasSubstr("the name of a branch"), Not(HasSubstr("a new name"))));
  EXPECT_THAT(Of("goto"), AllOf(HasSubstr("NAME|N"), HasSubstr("a mark, a branch"),
                                Not(HasSubstr("a whole number from 0"))));
  EXPECT_THAT(Of("undo"), HasSubstr("a whole number from 1"));
  EXPECT_THAT(Of("break"), HasSubstr("a happening: deliver"));
  EXPECT_THAT(Of("CONDITION"), HasSubstr("a happening: deliver"));
  EXPECT_THAT(Of(""), Not(HasSubstr("forget a branch, with")));
}

TEST_F(Help, ExplainsWordsPlaceholdersAndMetrics) {
  EXPECT_THAT(Of("Encounter"), HasSubstr("A meeting of two nodes"));
  EXPECT_THAT(Of("communal learning rate"), HasSubstr("see: lrate"));
  EXPECT_THAT(Of("NODE"), HasSubstr("10.0.0.[1-20]"));
  EXPECT_THAT(Of("metrics"), HasSubstr("test_acc"));
  for (const char* word : {"own", "met", "age", "acc", "entropy", "peers", "changed", "lost",
                           "held-out part", "training part", "aggregate"})
    EXPECT_THAT(Of(word), HasSubstr("see: ")) << word;
  EXPECT_TRUE(std::ranges::is_sorted(Glossary(), {}, &GlossaryEntry::word));
}

TEST_F(Help, SeesOnlyCommandsThatThereAre) {
  for (const GlossaryEntry& entry : Glossary())
    for (const std::string_view verb : Split(entry.see, ','))
      EXPECT_TRUE(std::ranges::count(Verbs(), Trim(verb)) == 1) << entry.word << ": " << verb;
}

TEST_F(Help, SaysWhatMayHaveBeenMeant) {
  EXPECT_EQ(Of("trian"), "error: no help on 'trian'; did you mean 'train'?");
  EXPECT_EQ(Of("training.lrr"), "error: no help on 'training.lrr'; did you mean 'training.lr'?");
  for (const std::string& topic : HelpTopics()) EXPECT_TRUE(CheckHelpTopic(topic)) << topic;
  EXPECT_FALSE(CheckHelpTopic("trian"));
}

/// Every example of the table is typed, in a session that has what they speak of.
TEST_F(Help, ItsExamplesRun) {
  LookForScenariosIn({DELSTEP_SOURCE_DIR "/scenarios"});
  const auto old_folder = std::filesystem::current_path();
  const auto folder = std::filesystem::path(testing::TempDir()) / "help-examples";
  std::filesystem::create_directories(folder);
  std::filesystem::current_path(folder);
  std::ofstream("warm-up.del") << "train\n";
  // Only a network with a program behind it can be started again.
  const auto fault = std::make_shared<fakes::NetworkFault>();
  fault->version = "failing 1.0";
  fakes::AddFailingNetwork(registry_, fault);
  for (const Command& command : Commands()) {
    const std::vector<std::string> overrides = {
        "network.backend=failing", "data.name=blobs",         "nodes.count=5",
        "data.samples=400",        "training.epochs=1",       "training.threads=1",
        "data.classes=10",         "mobility.area=1000x1000", "partition.samples_per_node=40"};
    Config config = *Config::Load(registry_, {}, {}, overrides);
    const auto simulation = *Simulation::Create(config.scenario(), registry_);
    std::string said;
    const auto keep = [&](std::string_view text) { said += text; };
    Session::Outputs outputs{.out = keep, .err = keep};
    outputs.page_server = [](const PageRequest&) {
      return std::optional(PagePlace{.address = "127.0.0.1", .port = 8642});
    };
    const auto session =
        *Session::Create(*simulation, config, registry_, {.keep_going = true}, std::move(outputs));
    for (const char* name : {"g1", "slow", "attackers"})
      session->RunText(
          std::string("group create ") + name + "; group " + name + " add 10.0.0.4 10.0.0.5",
          "before");
    session->RunText(
        "train; at 10s test; test; test global; export all model-{}.npz; flood; nstep; break lost",
        "before");
    // Two branches, moments ahead on the present one, and messages that are not yet sent.
    session->RunText("mark trained; lrate 0.5; undo; lrate 0.25; switch main; undo 2", "before");
    ASSERT_EQ(session->exit_code(), 0) << said;
    said.clear();
    session->RunText(command.example, "example");
    // Whether models are as good as an `expect` says is another matter.
    EXPECT_THAT(session->exit_code(), testing::AnyOf(0, 5)) << command.example << '\n' << said;
  }
  std::filesystem::current_path(old_folder);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace delstep
