// Random commands, a checkpoint at any command end, and a run that goes on from it: the same
// hashes, events, log and answers as the run that was never stopped, on every rule and compressor.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <regex>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "checkpoint/checkpoint_file.h"
#include "console/session/session.h"
#include "delstep/registry.h"
#include "recording/address_book.h"
#include "recording/event_json.h"
#include "tests/properties/command_lines.h"

namespace delstep {
namespace {

/// A run with a session, and all that it tells.
struct Told {
  Told(const Registry& registry, const std::vector<std::string>& overrides)
      : config(*Config::Load(registry, {}, {}, overrides)) {
    simulation = *Simulation::Create(config.scenario(), registry);
    session = *Session::Create(
        *simulation, config, registry, {.keep_going = true, .json = true},
        {.out = [this](std::string_view text) { out += text; }, .err = [](std::string_view) {}});
    Observe();
  }
  /// As another process does it.
  Told(const Registry& registry, const ReadCheckpoint& checkpoint)
      : config(*Config::Restore(registry, checkpoint.texts.config, checkpoint.texts.origins)) {
    auto history = LoadHistory(checkpoint.texts.history, config, registry);
    if (!history) {
      ADD_FAILURE() << history.error().message;
      return;
    }
    auto resumed =
        Simulation::Resume(config.scenario(), registry, checkpoint.world, history->Settings());
    if (!resumed) {
      ADD_FAILURE() << resumed.error().message;
      return;
    }
    simulation = std::move(resumed->simulation);
    for (std::size_t i = 0; i < history->kept.size(); ++i)
      history->kept[i].snapshot = resumed->moments.at(i);
    auto taken = Session::Resume(
        *simulation, config, registry, {.json = true},
        {.out = [this](std::string_view text) { out += text; }, .err = [](std::string_view) {}},
        checkpoint.texts.session, *history);
    if (!taken) {
      ADD_FAILURE() << taken.error().message;
      return;
    }
    session = *std::move(taken);
    Observe();
  }

  void Observe() {
    addresses = AddressBook(*simulation);
    const auto note = [this](const Event& event) {
      addresses.Learn(event);
      restored |= std::holds_alternative<Restored>(event.what);
      AppendEventJson(event, addresses, events);
    };
    simulation->Observe(note);
    session->ObserveMoments(note);
    // As a run directory does: another branch may have given a number to another node.
    session->ObserveCommands([this](const Session::CommandRecord&) {
      if (std::exchange(restored, false)) addresses = AddressBook(*simulation);
    });
  }

  std::string Log() const {
    std::string text;
    for (const LogEntry& entry : session->log()) text += FormatLogEntry(entry) + '\n';
    return text;
  }

  Config config;
  std::unique_ptr<Simulation> simulation;
  std::unique_ptr<Session> session;
  AddressBook addresses;
  std::string out, events;
  bool restored = false;  // by the present command
};

class Checkpoints : public testing::Test {
 protected:
  Checkpoints() : folder_(testing::TempDir() + "checkpoints" + std::to_string(getpid())) {
    std::filesystem::create_directories(folder_);
    std::filesystem::current_path(folder_);  // commands write files
  }
  ~Checkpoints() override {
    std::filesystem::current_path(testing::TempDir());
    std::filesystem::remove_all(folder_);
  }

  static std::vector<std::string> Overrides() {
    return {"data.name=blobs",   "nodes.count=4",        "data.samples=120",
            "data.features=3",   "model.hidden=[3]",     "partition.samples_per_node=15",
            "training.epochs=1", "training.threads=1",   "network.latency=uniform(5ms,60ms)",
            "network.loss=0.1",  "training.batch_size=8"};
  }

  /// Runs all; then each checkpoint that `text` has written to `file` before is gone on from.
  void ExpectSame(const std::vector<std::string>& overrides, const std::string& before,
                  const std::string& after, const std::string& what) {
    const std::string file = folder_ + "/a.ckpt";
    Told whole(registry_, overrides);
    // In a block, and in the middle of it: what comes after is queued.
    whole.session->RunText("repeat 2 { " + before + " }\nrepeat 1 { checkpoint " + file +
                               "; echo behind; " + after + " }\n" + after,
                           "test");
    const auto checkpoint = ReadCheckpointFile(file);
    ASSERT_TRUE(checkpoint) << what << ": " << checkpoint.error().message;
    Told resumed(registry_, *checkpoint);
    ASSERT_TRUE(resumed.session) << what;
    EXPECT_TRUE(resumed.session->RunSaved());
    EXPECT_EQ(resumed.simulation->WorldHash(), whole.simulation->WorldHash()) << what;
    EXPECT_FALSE(resumed.events.empty()) << what;
    EXPECT_TRUE(whole.events.ends_with(resumed.events)) << what;
    EXPECT_EQ(resumed.Log(), whole.Log()) << what;
    EXPECT_EQ(resumed.session->exit_code(), whole.session->exit_code()) << what;
    EXPECT_EQ(resumed.session->commands(), whole.session->commands()) << what;
    EXPECT_EQ(resumed.config.ToToml(), whole.config.ToToml()) << what;
  }

  static constexpr const char* kBefore =
      "train; flood; nstep 20ms; step; gossip 2; nstep 10ms; test global; train";
  static constexpr const char* kAfter =
      "nstep 20ms; ag; train 10.0.0.2; flood; nstep; step; test local; cycle";

  const Registry registry_ = MakeRegistry({});
  const std::string folder_;
};

TEST_F(Checkpoints, GoOnWithEveryRule) {
  for (const auto& rule : registry_.aggregators.entries())
    for (const char* share : {"parameters", "deltas", "gradients"}) {
      auto overrides = Overrides();
      overrides.push_back(std::string("aggregation.name=") + std::string(rule.name));
      overrides.push_back(std::string("aggregation.share=") + share);
      if (!Config::Load(registry_, {}, {}, overrides)) continue;
      ExpectSame(overrides, kBefore, kAfter, std::string(rule.name) + " of " + share);
    }
}

TEST_F(Checkpoints, GoOnWithEveryCompressor) {
  for (const auto& compressor : registry_.compressors.entries())
    for (const char* feedback : {"true", "false"}) {
      auto overrides = Overrides();
      overrides.push_back(std::string("compression.name=") + std::string(compressor.name));
      overrides.push_back(std::string("compression.error_feedback=") + feedback);
      if (!Config::Load(registry_, {}, {}, overrides)) continue;
      ExpectSame(overrides, kBefore, kAfter, std::string(compressor.name));
    }
}

TEST_F(Checkpoints, GoOnAfterSettingsAndNodesChanged) {
  ExpectSame(Overrides(),
             "set training.optimizer adam; set training.lr 0.02 10.0.0.2; train; node add; flood; "
             "link all loss 0.2; labels 10.0.0.1 noise 0.3; nstep 15ms; node down 10.0.0.3; "
             "set aggregation.name median; lrate 0.5; group create g; group g add 10.0.0.1",
             "node up 10.0.0.3; train; node add like 10.0.0.2; flood; nstep; ag; test group g; "
             "labels all noise 0.2; train",
             "settings");
}

// Going back, forth and elsewhere needs what was before the checkpoint.
TEST_F(Checkpoints, GoOnWithTheirMoments) {
  ExpectSame(Overrides(),
             "train; mark a; set training.lr 0.02; flood; nstep 15ms; undo; train; branch twig; "
             "set training.optimizer adam; train; flood; goto a; gossip 1; break deliver; nstep; "
             "break test_loss:local(mean) < 5; undo 2",
             "redo; switch twig; train; diff a; break; undo 3; goto a; flood; nstep; "
             "history; switch main; train; branch delete twig; undo; nstep; mark a; goto 1; train",
             "moments");
}

std::string AnyCommandOfGoing(Random& random) {
  static constexpr const char* kCommands[] = {"train",
                                              "flood",
                                              "nstep 20ms",
                                              "ag",
                                              "undo",
                                              "undo 2",
                                              "redo",
                                              "goto a",
                                              "goto b",
                                              "goto 2",
                                              "goto 5",
                                              "mark a",
                                              "mark b",
                                              "branch x",
                                              "branch y",
                                              "switch x",
                                              "switch main",
                                              "switch y",
                                              "branch delete x",
                                              "diff a",
                                              "history",
                                              "break lost",
                                              "break deliver",
                                              "break",
                                              "break train 10.0.0.1",
                                              "break test_loss:local(max) > 0.1",
                                              "test local",
                                              "cycle",
                                              "break delete 1",
                                              "set training.optimizer adam",
                                              "node add",
                                              "lrate 0.5",
                                              "set training.lr 0.02 10.0.0.2",
                                              "set training.lr 0.1",
                                              "set training.optimizer sgd",
                                              "repeat 2 { train 10.0.0.1; gossip 1 }"};
  return kCommands[random.Below(std::size(kCommands))];
}

/// Answers count from 1 in each process.
std::string WithoutNumbers(const std::string& answers) {
  return std::regex_replace(answers, std::regex(R"("n":\d+,)"), "");
}

TEST_F(Checkpoints, GoOnWithAnyMoments) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Random random({seed, 78});
    std::string before, after;
    for (int i = 0; i < 20; ++i) before += AnyCommandOfGoing(random) + "\n";
    for (int i = 0; i < 20; ++i) after += AnyCommandOfGoing(random) + "\n";
    const std::string file = folder_ + "/c.ckpt";
    Told whole(registry_, Overrides());
    whole.session->RunText(before + "\ncheckpoint " + file + "\n" + after, "test");
    const auto checkpoint = ReadCheckpointFile(file);
    ASSERT_TRUE(checkpoint);
    Told resumed(registry_, *checkpoint);
    ASSERT_TRUE(resumed.session) << before;
    resumed.session->RunSaved();
    const std::string out = WithoutNumbers(resumed.out);
    EXPECT_FALSE(out.empty());
    EXPECT_TRUE(WithoutNumbers(whole.out).ends_with(out)) << before << "--\n" << after;
    EXPECT_EQ(resumed.simulation->WorldHash(), whole.simulation->WorldHash()) << before << after;
    EXPECT_TRUE(whole.events.ends_with(resumed.events)) << before << after;
    if (HasFailure()) return;
  }
}

TEST_F(Checkpoints, GoOnWithAnyCommands) {
  const std::size_t rounds = 60;
  std::size_t compared = 0;
  for (std::uint64_t seed = 0; seed < rounds; ++seed) {
    Random random({seed, 77});
    std::string before, after;
    for (int i = 0; i < 12; ++i) before += RandomCommandLine(random) + "\n";
    for (int i = 0; i < 6; ++i) after += RandomCommandLine(random) + "\n";
    // Only what can stand in a block: slips with braces and quotes, and `exit`, would end it.
    if (ParseScript(before + after, "test").unclosed) continue;
    if ((before + after).find("exit") != std::string::npos) continue;
    const std::string file = folder_ + "/b.ckpt";
    Told whole(registry_, Overrides());
    whole.session->RunText(before + "\ncheckpoint " + file + "\necho behind\n" + after, "test");
    const auto checkpoint = ReadCheckpointFile(file);
    if (!checkpoint) continue;  // an open brace of a slip has swallowed it
    Told resumed(registry_, *checkpoint);
    ASSERT_TRUE(resumed.session) << before;
    resumed.session->RunSaved();
    EXPECT_EQ(resumed.simulation->WorldHash(), whole.simulation->WorldHash()) << before << after;
    EXPECT_TRUE(whole.events.ends_with(resumed.events)) << before << after;
    EXPECT_EQ(resumed.Log(), whole.Log()) << before << after;
    std::filesystem::remove(file);
    ++compared;
  }
  EXPECT_GT(compared, 20u);
}

}  // namespace
}  // namespace delstep
