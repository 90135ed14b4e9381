// What session_moments.h answers about the way of a run: its history, curves, heat maps.
#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "delstep/moment_view.h"
#include "page/curves.h"
#include "page/heat.h"
#include "page/history_json.h"
#include "page/session_moments.h"

namespace delstep {
namespace {

constexpr std::size_t kMostVersions = 1'000;
constexpr std::size_t kMostGroups = 8;  // as many as have a colour of their own

}  // namespace

PageAnswer SessionMoments::History(const Asked& asked) {
  HistoryNotes notes{.version = asked.view->number,
                     .since = {},
                     .oldest = asked.view->oldest,
                     .why_not = asked.view->why_not,
                     .kept = [&](MomentNumber n) { return asked.view->kept->contains(n); },
                     .event = [this](MomentNumber n) { return marks_.EventAfter(n); }};
  const Moments& moments = *asked.view->moments;
  const std::lock_guard lock(mutex_);
  // A version that is not remembered any more gets the whole list.
  if (const auto known = given_.find(asked.Number("since", 0)); known != given_.end())
    notes.since = known->second;
  // Numbers of moments only rise, so the last one tells which are new to the page.
  given_[notes.version] = moments.all().rbegin()->first;
  if (given_.size() > kMostVersions) given_.erase(given_.begin());
  return {.body = HistoryJson(moments, notes)};
}

PageAnswer SessionMoments::Curves(const Asked& asked) {
  const std::uint64_t points = std::min<std::uint64_t>(asked.Number("points", 400), 4000);
  return {.body = CurvesJson(samples_.Way(asked.moment.number), points, Names().addresses.size())};
}

PageAnswer SessionMoments::Heat(const Asked& asked) {
  const auto text = [&](std::string_view name, std::string usual) {
    const std::string* given = asked.question.Find(name);
    return given == nullptr ? usual : *given;
  };
  const auto facts = FactsAt(*asked.view, asked.snapshot);
  const std::string metric = text("metric", "accuracy");
  const std::map<std::string, std::string> columns = {
      {"accuracy",
       TestMetric("test_acc", facts->last_scope ? Name(*facts->last_scope) : "general")},
      {"distance", "distance"},
      {"age", "staleness"},
      {"loss", "train_loss"}};
  const auto column = columns.find(metric);
  if (column == columns.end())
    return PageRefusal(400, fmt::format("no heat map of '{}'", metric.substr(0, 40)),
                       "metric is one of accuracy, distance, age, loss");
  HeatQuestion heat{.metric = column->second,
                    .sort = text("sort", "given"),
                    .columns = asked.Number("columns", 600),
                    .rows = asked.Number("rows", 200)};
  return {.body = HeatJson(samples_.Way(asked.moment.number), heat, HeatOrder(heat.sort, *facts))};
}

PageAnswer SessionMoments::Consensus(const Asked& asked) {
  return {.body = ConsensusJson(samples_.Way(asked.moment.number))};
}

PageAnswer SessionMoments::Flows(const Asked& asked) {
  std::vector<MomentNumber> way;
  for (const Moment* at = &asked.moment; at != nullptr;
       at = at->parent ? asked.view->moments->Find(*at->parent) : nullptr)
    way.push_back(at->number);
  std::ranges::reverse(way);
  GroupFlows::Question question{.columns =
                                    std::min<std::uint64_t>(asked.Number("columns", 20), 100)};
  const auto facts = FactsAt(*asked.view, asked.snapshot);
  for (const GroupView& group : facts->groups) {
    if (question.names.size() == kMostGroups) break;
    question.names.push_back(group.name);
  }
  return {.body = flows_.Json(way, question)};
}

void SessionMoments::SampleMoment(const PresentView& view, const Moment& moment,
                                  const Snapshot& snapshot) {
  // All of one view: it may not be the newest any more.
  const auto facts = FactsAt(view, snapshot);
  std::vector<double> distances;
  if (snapshot) {
    const MomentView world(snapshot);
    if (ReadsModels(world, facts->nodes.size())) distances = world.DistancesToMean();
  }
  samples_.Put(SampleOf(*facts, distances), moment.number, moment.parent);
}

void SessionMoments::Sample() {
  const auto view = host_.Latest();
  if (view == sampled_) return;
  const auto before = std::exchange(sampled_, view);
  // A test makes no moment, but the present one is kept anew with it. When the next command has
  // ended too before anybody looks, that is a moment of the past.
  const auto is_known = [&](MomentNumber number, const Snapshot& snapshot) {
    if (!before) return false;
    const auto then = before->kept->find(number);
    return then != before->kept->end() && then->second == snapshot;
  };
  const Moment& present = view->moments->present();
  for (const auto& [number, snapshot] : *view->kept)
    if (const Moment* moment = view->moments->Find(number);
        moment != nullptr && number != present.number && !is_known(number, snapshot))
      SampleMoment(*view, *moment, snapshot);
  SampleMoment(*view, present, view->snapshot);
}

}  // namespace delstep
