// docs/internals/state.md lists every field of the state: it is made from core/world/fields.h.
#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/world/fields.h"

namespace delstep {
namespace {

/// The archive that writes a line for each field, with what lies in it below.
class Lister {
 public:
  template <class T>
  void State(const char* name, const T& field) {
    Line(name, "state", field);
  }
  template <class T>
  void Record(const char* name, const T& field) {
    Line(name, "record", field);
  }
  template <class T>
  void Derived(const char* name, const T& field) {
    Line(name, "derived", field);
  }
  const std::string& text() const { return text_; }

 private:
  template <class T>
  void Line(const char* name, const char* kind, const T& field) {
    // What lies in a record is one, whatever it would be elsewhere.
    const std::string outer = kind_;
    if (kind_ == "state") kind_ = kind;
    text_ += std::string(2 * depth_, ' ') + "- `" + name + "`: " + kind_ + "\n";
    ++depth_;
    Inside(field);
    --depth_;
    kind_ = outer;
  }
  // Of a list, what each item has.
  template <class T>
  void Inside(const Cow<T>& shared) {
    Inside(*shared);
  }
  void Inside(const Nodes& /*nodes*/) { Inside(Node()); }
  void Inside(const Guestbook& /*guestbook*/) { Inside(Encounter()); }
  void Inside(const Parcels& /*messages*/) { Inside(ModelMessage()); }
  void Inside(const std::shared_ptr<const Scenario>& /*scenario*/) { Inside(Scenario()); }
  template <class T>
  void Inside(const std::vector<T>& /*list*/) {
    Inside(T());
  }
  template <class T>
  void Inside(const std::deque<T>& /*list*/) {
    Inside(T());
  }
  template <class T>
  void Inside(const std::optional<T>& /*value*/) {
    Inside(T());
  }
  template <class K, class V>
  void Inside(const std::map<K, V>& /*map*/) {
    Inside(V());
  }
  template <class K, class V>
  void Inside(const std::unordered_map<K, V>& /*map*/) {
    Inside(V());
  }
  template <class T>
  void Inside(const T& value) {
    if constexpr (requires(Lister & lister, const T& fields) { Fields(lister, fields); })
      Fields(*this, value);
  }

  std::string kind_ = "state";
  std::size_t depth_ = 0;
  std::string text_;
};

TEST(StatePage, ListsEveryField) {
  const std::string path = std::string(DELSTEP_SOURCE_DIR) + "/docs/internals/state.md";
  std::ostringstream page;
  page << std::ifstream(path).rdbuf();
  const std::string mark = "\n## The list\n\n";
  const std::size_t at = page.str().find(mark);
  ASSERT_NE(at, std::string::npos);
  Lister lister;
  const World world;
  Fields(lister, world);
  const std::string wanted = page.str().substr(0, at) + mark + lister.text();
  if (std::getenv("DELSTEP_REWRITE_STATE_PAGE")) std::ofstream(path) << wanted;
  EXPECT_EQ(page.str(), wanted) << "DELSTEP_REWRITE_STATE_PAGE=1 core_test writes it anew";
}

}  // namespace
}  // namespace delstep
