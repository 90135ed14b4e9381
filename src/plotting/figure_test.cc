#include "plotting/figure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "plotting/gnuplot_script.h"

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

PlottedRun MadeRun(const std::string& topology, const std::string& seed, double accuracy) {
  PlottedRun run;
  run.metrics.settings = {{"topology.name", topology}, {"seed", seed}, {"nodes.count", "4"}};
  run.metrics.metrics["test_acc/mean"] = {{0, 0, 0, 0.25}, {1, 1, 0, accuracy}};
  run.metrics.metrics["consensus_distance"] = {{0, 0, 0, 100}, {1, 1, 0, 1}};
  return run;
}

std::vector<PlottedSetting> Settings() {
  return GroupBySetting(
             {MadeRun("ring", "1", 0.5), MadeRun("full", "1", 0.75), MadeRun("ring", "2", 1)})
      .first;
}

TEST(Settings, AreRunsThatDifferByTheSeedAlone) {
  const auto [settings, keys] = GroupBySetting(
      {MadeRun("ring", "1", 0.5), MadeRun("full", "1", 0.75), MadeRun("ring", "2", 1)});
  EXPECT_EQ(keys, "topology.name");  // all have the same nodes.count
  ASSERT_THAT(settings, SizeIs(2));
  EXPECT_EQ(settings[0].label, "ring");
  EXPECT_THAT(settings[0].runs, SizeIs(2));
  EXPECT_EQ(settings[1].label, "full");
}

TEST(Settings, OfOneExperimentNeedNoLabel) {
  const auto [settings, keys] =
      GroupBySetting({MadeRun("ring", "1", 0.5), MadeRun("ring", "2", 0.5)});
  ASSERT_THAT(settings, SizeIs(1));
  EXPECT_EQ(settings[0].label, "");
  EXPECT_EQ(keys, "");
}

TEST(Figures, ShowAccuracyAndConsensusOverTheCycleWhereNoTimePasses) {
  const auto figure = MakeFigure(Settings(), {});
  ASSERT_TRUE(figure) << figure.error().message;
  EXPECT_EQ(figure->x, XAxis::kCycle);
  ASSERT_THAT(figure->panels, SizeIs(2));
  EXPECT_EQ(figure->panels[0].metric, "test_acc");
  EXPECT_FALSE(figure->panels[0].log_scale);
  EXPECT_EQ(figure->panels[1].metric, "consensus_distance");
  EXPECT_TRUE(figure->panels[1].log_scale);  // from 100 to 1
  const Curve& ring = figure->panels[0].curves[0];
  EXPECT_EQ(ring.runs, 2U);
  EXPECT_DOUBLE_EQ(ring.points[1].value, 0.75);  // of 0.5 and 1
  EXPECT_TRUE(ring.has_band);
  EXPECT_FALSE(figure->panels[0].curves[1].has_band);  // one run without a spread of its nodes
  EXPECT_EQ(figure->caption, "Line: mean of 1 to 2 runs; band: 10th to 90th percentile");
}

TEST(Figures, WriteTimesAndBytesInUnitsThatFit) {
  auto run = MadeRun("ring", "1", 0.5);
  for (auto& [name, points] : run.metrics.metrics) points[1].time = 3 * 3600;
  run.metrics.metrics["total_bytes"] = {{0, 0, 0, 0}, {1, 1, 3 * 3600, 2.5e6}};
  run.contacts = {{0, 1}, {3600, 2}};
  const auto over_time = MakeFigure({{.label = "", .runs = {run}}}, {});
  ASSERT_TRUE(over_time);
  EXPECT_EQ(over_time->x_label, "Simulated time (h)");
  EXPECT_DOUBLE_EQ(over_time->x_scale * 3600, 1);
  ASSERT_THAT(over_time->panels, SizeIs(3));
  EXPECT_TRUE(over_time->panels[2].is_steps);
  const auto over_bytes = MakeFigure({{.label = "", .runs = {run}}}, {.x = XAxis::kBytes});
  ASSERT_TRUE(over_bytes);
  EXPECT_EQ(over_bytes->x_label, "Sent by all nodes together (MB)");
  EXPECT_THAT(over_bytes->panels, SizeIs(2));  // contacts have no bytes
}

TEST(Figures, RefuseWhatWasNotRecordedAndSayWhatWas) {
  const auto unknown = MakeFigure(Settings(), {.metrics = {"test_ac"}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::kUsage);
  EXPECT_THAT(unknown.error().message, HasSubstr("consensus_distance, test_acc"));
  EXPECT_THAT(unknown.error().hint, HasSubstr("test_acc"));
  const auto contacts = MakeFigure(Settings(), {.x = XAxis::kCycle, .metrics = {"contacts"}});
  ASSERT_FALSE(contacts);
  EXPECT_EQ(contacts.error().code, ErrorCode::kUsage);
  const auto nothing = MakeFigure({{.label = "", .runs = {PlottedRun()}}}, {});
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, ErrorCode::kRefused);
}

TEST(Figures, StaySmallWhateverWasRecorded) {
  PlottedRun run;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const auto x = static_cast<double>(i);
    run.metrics.metrics["drops"].push_back({i, x, x, x});
    run.contacts.push_back({x, x});
  }
  const auto figure =
      MakeFigure({{.label = "", .runs = {run}}}, {.metrics = {"drops", "contacts"}});
  ASSERT_TRUE(figure) << figure.error().message;
  EXPECT_LE(figure->panels[0].curves[0].points.size(), 802U);
  EXPECT_EQ(figure->panels[0].curves[0].points.back().x, 9999);  // the last one stays
  EXPECT_LE(figure->panels[1].curves[0].points.size(), 802U);
}

TEST(Figures, AreATableToo) {
  auto figure = MakeFigure(Settings(), {.metrics = {"test_acc"}, .band = Band::kMinMax});
  ASSERT_TRUE(figure);
  EXPECT_EQ(FigureTable(*figure),
            "metric,setting,x,value,low,high,runs\n"
            "test_acc,ring,0,0.25,0.25,0.25,2\ntest_acc,ring,1,0.75,0.5,1,2\n"
            "test_acc,full,0,0.25,0.25,0.25,1\ntest_acc,full,1,0.75,0.75,0.75,1\n");
}

TEST(GnuplotScripts, TakeNoTextForACommand) {
  auto settings = Settings();
  settings[0].label = "it's `touch x` \"$(touch y)\" @z \\n\n!touch w";
  const auto figure = MakeFigure(settings, {.title = "'\nquit\n"});
  ASSERT_TRUE(figure);
  const std::string script = GnuplotScript(*figure, PictureFormat::kSvg);
  EXPECT_THAT(script, HasSubstr("title 'it''s `touch x` \"$(touch y)\" @z \\n !touch w'"));
  EXPECT_THAT(script, HasSubstr("''' quit '"));
  EXPECT_THAT(script, Not(HasSubstr("\nquit")));
  EXPECT_THAT(script, Not(HasSubstr("\n!touch")));
}

// With six digits all were 1e+06, and gnuplot refused an empty range.
TEST(GnuplotScripts, KeepLargeNumbersApart) {
  PlottedRun run;
  run.metrics.metrics["consensus_distance"] = {{0, 1000000, 0, 5}, {1, 1000000.25, 0, 2}};
  const auto figure = MakeFigure(GroupBySetting({run}).first, {.x = XAxis::kCycle});
  ASSERT_TRUE(figure);
  const std::string script = GnuplotScript(*figure, PictureFormat::kSvg);
  EXPECT_THAT(script, HasSubstr("set xrange [1000000:1000000.25]"));
  EXPECT_THAT(script, HasSubstr("1000000.25 2 2 2\n"));
}

TEST(GnuplotScripts, GiveASettingItsColourInAllPanels) {
  auto settings = Settings();
  // The first setting has no accuracies: the second one's colour stays.
  for (PlottedRun& run : settings[0].runs) run.metrics.metrics.erase("test_acc/mean");
  const auto figure = MakeFigure(settings, {.metrics = {"consensus_distance", "test_acc"}});
  ASSERT_TRUE(figure);
  const std::string script = GnuplotScript(*figure, PictureFormat::kPng);
  EXPECT_THAT(script, HasSubstr("$p0c0 using 1:2 with linespoints linecolor rgb '#0072B2'"));
  EXPECT_THAT(script, HasSubstr("$p0c1 using 1:2 with linespoints linecolor rgb '#D55E00'"));
  EXPECT_THAT(script, HasSubstr("$p1c0 using 1:2 with linespoints linecolor rgb '#D55E00'"));
}

}  // namespace
}  // namespace delstep
