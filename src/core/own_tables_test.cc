// compute.file and churn.file: what they held when they were set is a part of the world, and the files may
// change or go while a run goes on.
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/fakes/fake_plans.h"
#include "tests/fakes/own_file.h"
#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

class OwnTables : public SimulationTest {
 protected:
  /// Here the table of a "trace" is a number of seconds, after which a goes offline.
  OwnTables() {
    fake_.registry.churn.Add("trace", "", [](const Scenario& scenario) {
      const SimTime end{std::chrono::seconds(std::stoi(*scenario.churn.table))};
      return Result<std::unique_ptr<Churn>>(std::make_unique<fakes::ListedChurn>(
          std::vector<PresenceChange>{{.at = end, .node = kA, .present = false}},
          fakes::PlanEnds::kKnown));
    });
  }
  ~OwnTables() override { std::filesystem::remove(file_); }

  Snapshot Take() {
    auto taken = sim().TakeSnapshot();
    EXPECT_TRUE(taken);
    return *taken;
  }
  void Write(const std::string& text) { std::ofstream(file_) << text; }
  /// As `set KEY VALUE` does: a configuration knows of files by their names alone.
  Result<std::vector<std::string>> Set(const std::string& key, auto change) {
    Scenario changed = sim().scenario();
    changed.compute.table = changed.churn.table = nullptr;
    change(changed);
    return sim().Reconfigure(changed, key, "");
  }
  /// A training example takes node a so many milliseconds from now on.
  Snapshot SetSpeed(int ms) {
    Write("10.0.0.1," + std::to_string(ms) + "\n");
    EXPECT_TRUE(Set("compute.file", [&](Scenario& changed) { changed.compute.file = file_; }));
    return Take();
  }
  Snapshot SetOnline(int until) {
    Write(std::to_string(until));
    EXPECT_TRUE(Set("churn.file", [&](Scenario& changed) { changed.churn.file = file_; }));
    EXPECT_TRUE(Set("churn.name", [&](Scenario& changed) { changed.churn.name = "trace"; }));
    return Take();
  }
  /// Of a training of a after the moment.
  Duration TimeAt(const Snapshot& moment) {
    EXPECT_TRUE(sim().Restore(moment));
    const SimTime before = sim().now();
    Train({kA});
    return sim().now() - before;
  }

  const std::string file_ = OwnFile("table.csv");
};

TEST_F(OwnTables, AMomentGoesOnWithTheSpeedsThatWereInForce) {
  const Snapshot none = Take(), slow = SetSpeed(3), slower = SetSpeed(6);
  std::filesystem::remove(file_);
  const Duration time = TimeAt(slow);
  EXPECT_GT(time, Duration(0));
  EXPECT_EQ(TimeAt(slower), 2 * time);
  EXPECT_EQ(TimeAt(none), Duration(0));
  EXPECT_EQ(TimeAt(slow), time);
}

TEST_F(OwnTables, TheHashIsOfWhatWasRead) {
  const Snapshot slow = SetSpeed(3), slower = SetSpeed(6);
  EXPECT_NE(slow.hash(), slower.hash());
  EXPECT_TRUE(sim().HasFilesOf(slower));
  EXPECT_FALSE(sim().HasFilesOf(slow)) << "the same name held something else";
  EXPECT_EQ(SetSpeed(3).hash(), slow.hash());
  EXPECT_TRUE(sim().HasFilesOf(slow));
}

TEST_F(OwnTables, AnotherKeyReadsNoFileAgain) {
  const Snapshot slow = SetSpeed(3);
  const Duration time = TimeAt(slow);
  for (const bool there : {true, false}) {
    Write("10.0.0.1,6\n");
    if (!there) std::filesystem::remove(file_);
    ASSERT_TRUE(sim().Restore(slow));
    ASSERT_TRUE(Set("training.lr", [](Scenario& changed) { changed.training.lr = 0.5; }));
    EXPECT_EQ(TimeAt(Take()), time);
  }
  const auto again = Set("compute.file", [](Scenario&) {});
  ASSERT_FALSE(again) << "the file itself was asked for, and is gone";
  EXPECT_EQ(again.error().key, "compute.file");
  EXPECT_EQ(TimeAt(Take()), time);
}

TEST_F(OwnTables, AMomentGoesOnWithThePresenceThatWasInForce) {
  const Snapshot early = SetOnline(1), late = SetOnline(3);
  EXPECT_NE(early.hash(), late.hash());
  std::filesystem::remove(file_);
  for (const auto& [moment, seconds] : {std::pair(&early, 1), std::pair(&late, 3)}) {
    ASSERT_TRUE(sim().Restore(*moment));
    const auto next = sim().Next();
    ASSERT_TRUE(next);
    EXPECT_EQ(next->kind, Upcoming::Kind::kPresence);
    EXPECT_EQ(next->at, SimTime(std::chrono::seconds(seconds)));
  }
}

// The present world, and moments before it.
TEST_F(OwnTables, AResumedRunNeedsNoFile) {
  const Snapshot slow = SetSpeed(3);
  const Duration time = TimeAt(slow);
  ASSERT_TRUE(sim().Restore(slow));
  const Snapshot slower = SetSpeed(6);
  std::filesystem::remove(file_);
  const std::vector<Snapshot> moments = {slow, slower};
  const auto state = sim().SaveState(Snapshot(), moments);
  ASSERT_TRUE(state);
  std::string bytes;
  for (const auto piece : state->bytes->Pieces())
    bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
  Scenario scenario = sim().scenario();
  scenario.compute.table = nullptr;
  const std::vector<const Scenario*> settings = {&scenario, &scenario};
  auto resumed = Simulation::Resume(scenario, fake_.registry, bytes, settings);
  ASSERT_TRUE(resumed) << resumed.error().message;
  const std::uint64_t hash = sim().WorldHash();
  simulation_ = std::move(resumed->simulation);
  EXPECT_EQ(sim().WorldHash(), hash);
  EXPECT_EQ(TimeAt(Take()), 2 * time);
  EXPECT_EQ(TimeAt(resumed->moments[0]), time);
  EXPECT_EQ(TimeAt(resumed->moments[1]), 2 * time);
}

TEST_F(OwnTables, AFileThatIsNotThereIsNamed) {
  Scenario scenario = FakeRun::DefaultScenario();
  scenario.compute.file = "/no/such/file.csv";
  const auto begun = Simulation::Create(scenario, fake_.registry);
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().code, ErrorCode::kFile);
  EXPECT_EQ(begun.error().key, "compute.file");
}

}  // namespace
}  // namespace delstep
