#include "plotting/contacts.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace delstep {
namespace {

struct Change {
  double time;
  bool began;
};

/// Follows the events of contacts.
class ContactEvents {
 public:
  /// Whether the line could be read.
  bool Take(const std::string& line) {
    const auto event = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!event.is_object()) return false;
    const auto type = event.find("type"), t = event.find("t");
    if (type == event.end() || !type->is_string() || t == event.end() || !t->is_number_integer())
      return false;
    const double time = t->get<double>() * 1e-9;
    if (*type == "restored") {
      // What came later has not happened.
      while (!changes_.empty() && changes_.back().time > time) Undo();
      return true;
    }
    if (*type != "contact_began" && *type != "contact_ended") return true;
    const auto a = event.find("a"), b = event.find("b");
    if (a == event.end() || b == event.end() || !a->is_string() || !b->is_string()) return false;
    Pair pair(a->get<std::string>(), b->get<std::string>());
    if (*type == "contact_began") {
      open_.insert(pair);
    } else if (open_.erase(pair) == 0) {
      ++at_start_;
    }
    changes_.push_back({.time = time, .began = *type == "contact_began"});
    pairs_.push_back(std::move(pair));
    return true;
  }

  std::vector<ContactCount> Finish() const {
    if (changes_.empty()) return {};
    std::vector<ContactCount> counts = {{.time = 0, .count = static_cast<double>(at_start_)}};
    for (const Change& change : changes_) {
      const double count = counts.back().count + (change.began ? 1 : -1);
      if (change.time > counts.back().time)
        counts.push_back({.time = change.time, .count = count});
      else
        counts.back().count = count;
    }
    return counts;
  }

 private:
  using Pair = std::pair<std::string, std::string>;

  void Undo() {
    if (changes_.back().began)
      open_.erase(pairs_.back());
    else
      open_.insert(pairs_.back());
    changes_.pop_back();
    pairs_.pop_back();
  }

  std::vector<Change> changes_;
  std::vector<Pair> pairs_;  // of the changes
  std::set<Pair> open_;
  std::size_t at_start_ = 0;
};

}  // namespace

Result<std::vector<ContactCount>> ReadContacts(std::istream& events, const std::string& name) {
  ContactEvents contacts;
  std::string line;
  for (std::size_t number = 1; std::getline(events, line) && !events.eof(); ++number) {
    // Few lines are of contacts, and to parse the others would take most of the time.
    if (line.find(R"("type":"contact_)") == std::string::npos &&
        line.find(R"("type":"restored")") == std::string::npos)
      continue;
    if (!contacts.Take(line))
      return BadFile("this line is no event of a contact",
                     "events.jsonl has one JSON object a line, with type, t, a and b")
          .At(fmt::format("{}:{}", name, number));
  }
  return contacts.Finish();
}

std::vector<ContactCount> MeanContacts(const std::vector<ContactCount>& contacts, double end,
                                       std::size_t bins) {
  std::vector<ContactCount> means;
  std::size_t at = 0;  // the count that holds where the part begins
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const double from = end * static_cast<double>(bin) / static_cast<double>(bins);
    const double to = end * static_cast<double>(bin + 1) / static_cast<double>(bins);
    while (at + 1 < contacts.size() && contacts[at + 1].time <= from) ++at;
    double area = 0;
    for (std::size_t i = at; i < contacts.size() && contacts[i].time < to; ++i) {
      const double until = i + 1 < contacts.size() ? std::min(to, contacts[i + 1].time) : to;
      area += contacts[i].count * (until - std::max(from, contacts[i].time));
    }
    means.push_back({.time = (from + to) / 2, .count = area / (to - from)});
  }
  return means;
}

}  // namespace delstep
