#include "console/commands/expectation.h"

#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

using testing::Contains;
using testing::Not;

/// Four nodes a, b, c, d with 5 held-out examples each; b and c are the group east.
class ExpectationTest : public SimulationTest {
 protected:
  ExpectationTest() {
    Scenario scenario = FakeRun::DefaultScenario();
    scenario.data.test_fraction = 0.25;
    scenario.nodes.names = {"a", "b", "c", "d"};
    Start(scenario);
    sim().CreateGroup("east");
    const std::vector<NodeId> east = {kB, kC};
    sim().AddToGroup("east", east);
  }
  /// The fake model is right on as many examples as it has trained times.
  void TestAll(EvaluationScope::Kind kind) { ASSERT_TRUE(sim().Evaluate(kAll, {kind, {}})); }

  Result<Verdict> Ask(std::string_view condition) {
    auto parsed = ParseExpectation(condition);
    if (!parsed) return std::move(parsed).error();
    return Judge(*parsed, sim());
  }
  double Value(std::string_view metric) {
    const auto verdict = Ask(std::string(metric) + " >= -1");
    EXPECT_TRUE(verdict) << verdict.error().message;
    return verdict ? verdict->measured.back().value : -2;
  }
  std::string What(std::string_view metric) {
    const auto verdict = Ask(std::string(metric) + " >= -1");
    return verdict ? verdict->measured.back().what : verdict.error().message;
  }
};

Error Wrong(std::string_view condition) {
  const auto parsed = ParseExpectation(condition);
  EXPECT_FALSE(parsed) << condition;
  return parsed ? Error{} : parsed.error();
}

TEST_F(ExpectationTest, SaysWhereOldAndNewResultsAreMixed) {
  const auto said = [&] {
    const auto parsed = ParseExpectation("test_acc:local(count) >= 0");
    return TextOf(*Judge(*parsed, sim()));
  };
  TestAll(EvaluationScope::Kind::kLocal);
  EXPECT_EQ(said(), "test_acc:local(count) is 4");
  Train({kA, kB});
  EXPECT_EQ(said(),
            "test_acc:local(count) is 4 (2 of 4 results are of models that have changed since)");
  const EvaluationScope local{.kind = EvaluationScope::Kind::kLocal};
  const std::vector<NodeId> a = {kA};
  ASSERT_TRUE(sim().Evaluate(a, local));
  EXPECT_EQ(said(),
            "test_acc:local(count) is 4 (1 of 4 results is of a model that has changed since)");
  Train({kA, kB, kC, kD});
  EXPECT_EQ(said(), "test_acc:local(count) is 4") << "all are equally old";
  EXPECT_TRUE(sim().IsTestOlder(kA, local));
  EXPECT_FALSE(sim().IsTestOlder(kA, {.kind = EvaluationScope::Kind::kGlobal})) << "never tested";
}

TEST_F(ExpectationTest, HintsAtWhatIsMeantByOtherForms) {
  using testing::HasSubstr;
  EXPECT_THAT(Wrong("test_acc:@east > 1").hint, HasSubstr("test_acc(mean, @east)"));
  EXPECT_THAT(Wrong("test_acc(mean):local > 1").hint, HasSubstr("test_acc:local(mean)"));
  EXPECT_THAT(Wrong("test_acc[mean] > 1").hint, HasSubstr("test_acc(min, @east)"));
  EXPECT_THAT(Wrong("total_bytes > 1").hint, HasSubstr("'bytes'"));
  EXPECT_THAT(Wrong("messages > 1").hint, HasSubstr("'sent'"));
  EXPECT_THAT(Wrong("drops > 1").hint, HasSubstr("'lost'"));
  const auto average = Ask("test_acc(avg) > 1");
  ASSERT_FALSE(average);
  EXPECT_EQ(average.error().hint, "did you mean 'mean'?");
}

TEST_F(ExpectationTest, ScopesStatisticsGroupsAndNodes) {
  Train({kA, kB, kC});
  Train({kC});
  Train({kC});
  // a 1, b 1, c 3, d 0 trainings: so many right of the node's own 5, and of everybody's 20.
  TestAll(EvaluationScope::Kind::kLocal);
  TestAll(EvaluationScope::Kind::kGlobal);
  EXPECT_DOUBLE_EQ(Value("test_acc:local(mean)"), (1 + 1 + 3 + 0) / 4.0 / 5);
  EXPECT_DOUBLE_EQ(Value("test_acc:global"), (1 + 1 + 3 + 0) / 4.0 / 20);
  EXPECT_DOUBLE_EQ(Value("test_acc:local(max)"), 3.0 / 5);
  EXPECT_DOUBLE_EQ(Value("test_acc:local(min, @east)"), 1.0 / 5);
  EXPECT_DOUBLE_EQ(Value("test_acc:local(@east)"), (1 + 3) / 2.0 / 5);
  EXPECT_DOUBLE_EQ(Value("test_acc:local(c)"), 3.0 / 5);
  EXPECT_DOUBLE_EQ(Value("test_acc:local(10.0.0.3)"), 3.0 / 5);
  EXPECT_DOUBLE_EQ(Value("test_acc:local(mean, a, 10.0.0.[3-4])"), (1 + 3 + 0) / 3.0 / 5);
  EXPECT_DOUBLE_EQ(Value("test_acc:local(p50)"), 1.0 / 5);
  EXPECT_DOUBLE_EQ(Value("test_acc:local(count)"), 4);
  EXPECT_DOUBLE_EQ(Value("trained(max)"), 3);
  EXPECT_DOUBLE_EQ(Value("trained(d)"), 0);
}

TEST_F(ExpectationTest, WithoutAScopeItIsThatOfTheLastTestAndOfItsNodes) {
  Train({kA});
  TestAll(EvaluationScope::Kind::kGlobal);
  Test(kA, EvaluationScope::Kind::kLocal);
  EXPECT_DOUBLE_EQ(Value("test_acc"), 1.0 / 5) << "of a alone: nobody else has a local result";
  EXPECT_EQ(What("test_acc"), "test_acc:local(mean)") << "the scope is said";
  EXPECT_EQ(What("test_acc(a)"), "test_acc:local(a)");
  EXPECT_DOUBLE_EQ(Value("test_acc(count)"), 1);
  TestAll(EvaluationScope::Kind::kGlobal);
  EXPECT_EQ(What("test_acc(max)"), "test_acc:global(max)");
}

TEST_F(ExpectationTest, AGroupIsAScopeToo) {
  Train({kA});
  const std::vector<NodeId> a = {kA};
  ASSERT_TRUE(sim().Evaluate(a, {EvaluationScope::Kind::kGroup, "east"}));
  // 10 examples are held out by the two members.
  EXPECT_DOUBLE_EQ(Value("test_acc:group east(a)"), 1.0 / 10);
  EXPECT_EQ(What("test_acc"), "test_acc:group east(mean)");
  EXPECT_THAT(Ask("test_acc:group west > 0").error().message, HasSubstr("no group named 'west'"));
}

// The hint was " first", for metrics that each node has.
TEST_F(ExpectationTest, SaysThatThereAreNoNodes) {
  for (const NodeId node : kAll) ASSERT_TRUE(sim().RemoveNode(node));
  for (const char* metric : {"trained(mean)", "test_acc(mean)"}) {
    const Error error = Ask(std::string(metric) + " == 0").error();
    EXPECT_EQ(error.code, ErrorCode::kRefused);
    EXPECT_EQ(error.message, std::string("there is no ") + metric + ": there are no nodes");
    EXPECT_EQ(error.hint, "add one: node add");
  }
  EXPECT_DOUBLE_EQ(Value("trained(count)"), 0);
}

TEST_F(ExpectationTest, SaysHowToGetAValueThatIsMissing) {
  EXPECT_THAT(Ask("test_acc > 0").error().message, HasSubstr("no node has a test_acc yet"));
  EXPECT_EQ(Ask("test_acc > 0").error().hint, "test first");
  EXPECT_EQ(Ask("test_acc:local > 0").error().hint, "test local first");
  EXPECT_EQ(Ask("train_loss > 0").error().hint, "train first");
  EXPECT_DOUBLE_EQ(Value("test_acc(count)"), 0);
  Test(kA);
  Test(kB, EvaluationScope::Kind::kLocal);
  // a has a result, but not in the last test.
  const Error error = Ask("test_acc(a) > 0").error();
  EXPECT_EQ(error.code, ErrorCode::kRefused);
  EXPECT_THAT(error.message, HasSubstr("a has no test_acc:local yet"));
  EXPECT_THAT(error.hint, HasSubstr("test a local; or name the scope"));
  EXPECT_THAT(error.hint, HasSubstr("test_acc:general(a)"));
  // Both hints are true.
  EXPECT_TRUE(Ask("test_acc:general(a) >= 0"));
  Test(kA, EvaluationScope::Kind::kLocal);
  EXPECT_TRUE(Ask("test_acc(a) >= 0"));
}

TEST_F(ExpectationTest, NodesThatAreNotThere) {
  Test(kA);
  EXPECT_THAT(Ask("test_acc(zoe) > 0").error().message, HasSubstr("no node named 'zoe'"));
  EXPECT_EQ(Ask("test_acc(zoe) > 0").error().code, ErrorCode::kRefused);
  EXPECT_THAT(Ask("test_acc(@west) > 0").error().message, HasSubstr("no group named 'west'"));
  const Error median = Ask("test_acc(medan) > 0").error();
  EXPECT_THAT(median.message, HasSubstr("no statistic and no node named 'medan'"));
  EXPECT_THAT(median.hint, HasSubstr("mean"));
}

TEST_F(ExpectationTest, AndBindsTighterThanOr) {
  const auto holds = [&](std::string_view condition) {
    const auto verdict = Ask(condition);
    EXPECT_TRUE(verdict) << verdict.error().message;
    return verdict && verdict->holds;
  };
  EXPECT_TRUE(holds("lost == 0 and nodes == 4"));
  EXPECT_FALSE(holds("lost == 0 and nodes == 5"));
  EXPECT_TRUE(holds("lost == 0 or nodes == 5 and up == 5")) << "true or (false and false)";
  EXPECT_TRUE(holds("nodes == 5 and up == 5 or lost == 0"));
  EXPECT_FALSE(holds("nodes == 5 or up == 4 and lost == 1"));
  EXPECT_TRUE(holds("nodes == 4 or test_acc > 0.9")) << "decided before a test is missed";
  EXPECT_EQ(TextOf(*Ask("nodes == 5 or up == 4 and lost == 1")), "nodes is 4, lost is 0")
      << "what failed";
  EXPECT_EQ(TextOf(*Ask("nodes == 5 or up == 4 and lost == 0")), "up is 4, lost is 0")
      << "what holds";
}

TEST_F(ExpectationTest, NumbersAndTimes) {
  ASSERT_TRUE(sim().Flood(kAll));
  EXPECT_TRUE(Ask("queued == 12")->holds);
  ASSERT_TRUE(sim().NetworkStep());
  EXPECT_TRUE(Ask("clock == 10ms and clock == 0.01 and sim_time == 10ms")->holds);
  EXPECT_TRUE(Ask("latency_p50 == 10ms and in_flight == 0 and inbox(min) == 3")->holds);
  EXPECT_TRUE(Ask("rate(a) == 100% and rate(a)==1")->holds);
  EXPECT_FALSE(Ask("rate(a) < 99.5 %")->holds);
}

TEST_F(ExpectationTest, PrintsFewDigitsButNeverOnTheWrongSide) {
  Train({kA, kB, kC});
  TestAll(EvaluationScope::Kind::kGeneral);
  // Three of four nodes are right on 1 of 20: 0.0375. The deviation is irrational.
  EXPECT_EQ(TextOf(*Ask("test_acc > 0")), "test_acc:general(mean) is 0.0375");
  EXPECT_EQ(TextOf(*Ask("test_acc(std) > 0")), "test_acc:general(std) is 0.0216506");
  // sqrt(3)/80 = 0.021650635...: rounded it would not be above the bound.
  EXPECT_EQ(TextOf(*Ask("test_acc(std) > 0.0216506")), "test_acc:general(std) is 0.02165064");
  ASSERT_TRUE(sim().Flood(kAll));
  ASSERT_TRUE(sim().NetworkStep());
  EXPECT_EQ(TextOf(*Ask("bytes > 0")), "bytes is 912") << "12 messages of 76 bytes";
}

TEST(Expectation, RefusesWhatIsWrongWhateverTheState) {
  for (const char* condition :
       {"test_ac > 1", "test_acc:glob > 1", "lost:local > 1", "lost(mean) > 1", "test_acc", "", ">",
        "test_acc > x", "test_acc() > 1", "test_acc(min > 1", "test_acc = 1", "test_acc > 1 and",
        "or lost == 1", "test_acc > 1 && lost == 0", "0.5 < test_acc", "test_acc:group > 1",
        "test_acc > 0.5 0.6", "lost > 10s", "test_acc(a[1]) > 0"})
    EXPECT_EQ(Wrong(condition).code, ErrorCode::kUsage) << condition;
  EXPECT_THAT(Wrong("test_ac > 1").hint, HasSubstr("'test_acc'"));
  EXPECT_THAT(Wrong("test_acc:globl > 1").hint, HasSubstr("'global'"));
  EXPECT_THAT(Wrong("a > 1 && b > 2").hint, HasSubstr("'and'"));
  EXPECT_THAT(Wrong("test_acc = 1").hint, HasSubstr("=="));
}

TEST(Expectation, EveryMetricAndStatisticIsListed) {
  const std::string help = MetricsHelp(), reference = MetricsReference();
  for (const std::string& name : MetricNames()) {
    EXPECT_THAT(help, HasSubstr("\n  " + name + " "));
    EXPECT_THAT(reference, HasSubstr("`" + name + "`"));
    EXPECT_TRUE(ParseExpectation(name + " > 0")) << name;
  }
  for (const std::string& name : StatisticNames()) {
    EXPECT_THAT(help, HasSubstr("\n  " + name + " "));
    EXPECT_TRUE(ParseExpectation("trained(" + name + ") > 0")) << name;
  }
}

TEST_F(ExpectationTest, Completes) {
  const SimulationDirectory directory(sim());
  EXPECT_THAT(CompleteMetric("test_", directory), Contains("test_acc"));
  EXPECT_THAT(CompleteMetric("test_acc", directory), Contains("test_acc:local"));
  EXPECT_THAT(CompleteMetric("test_acc:", directory), Contains("test_acc:group east"));
  EXPECT_THAT(CompleteMetric("test_acc:local(m", directory),
              ElementsAre("test_acc:local(mean)", "test_acc:local(min)", "test_acc:local(max)"));
  EXPECT_THAT(CompleteMetric("trained(", directory), Contains("trained(@east)"));
  EXPECT_THAT(CompleteMetric("trained(", directory), Contains("trained(d)"));
  EXPECT_THAT(CompleteMetric("trained(min,", directory), Contains("trained(min,@east)"));
  EXPECT_THAT(CompleteMetric("trained(min,", directory), Not(Contains("trained(min,max)")));
  EXPECT_THAT(CompleteMetric("lost(", directory), IsEmpty());
  EXPECT_THAT(CompleteMetric("lost", directory), Not(Contains("lost:local")));
}

}  // namespace
}  // namespace delstep
