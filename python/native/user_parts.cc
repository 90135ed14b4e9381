#include "python/native/user_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "python/native/errors.h"
#include "python/native/part_call.h"

namespace delstep {
namespace {

namespace py = pybind11;

thread_local const InsidePart* innermost = nullptr;

}  // namespace

SharedObject Shared(py::object object) {
  return {new py::object(std::move(object)), [](const py::object* held) {
            // At the end of the process there is no interpreter to give it back to.
            if (Py_IsInitialized() == 0) return;
            const py::gil_scoped_acquire lock;
            delete held;
          }};
}

// The function may be called in a thread of the run's own, which does not know who has given the command.
InsidePart::InsidePart(PartHost& host)
    : host_(host), caller_(host.caller), before_(std::exchange(innermost, this)) {}
InsidePart::~InsidePart() { innermost = before_; }

const InsidePart* InsidePart::Innermost() { return innermost; }

bool IsInsidePart(const PartHost& host) {
  for (const InsidePart* part = innermost; part != nullptr; part = part->caller())
    if (&part->host() == &host) return true;
  return false;
}

void PartHost::BeginInner(PartHost& inner) {
  const std::lock_guard lock(inner_mutex_);
  inner_.push_back(&inner);
}

void PartHost::EndInner(PartHost& inner) {
  const std::lock_guard lock(inner_mutex_);
  inner_.erase(std::ranges::find(inner_, &inner));
}

// The lock keeps those that are inside from ending meanwhile.
void PartHost::Stop() {
  stopped_ = running_.load();
  run->Stop();
  const std::lock_guard lock(inner_mutex_);
  for (PartHost* inner : inner_) inner->Stop();
}

Error PartHost::Keep(py::error_already_set& error, const std::string& who) {
  if (error.matches(PyExc_KeyboardInterrupt)) {
    interrupted = true;
    return Interrupted(fmt::format("stopped in {}", who));
  }
  if (!raised) {
    raised = error.value();
    if (error.trace()) PyException_SetTraceback(raised.ptr(), error.trace().ptr());
  }
  // Nothing here may raise again: it would leave the command half-done.
  const char* type = reinterpret_cast<const PyTypeObject*>(error.type().ptr())->tp_name;
  const std::string text = TextOf(error.value());
  return Refused(fmt::format("{} raised {}{}{}", who, type, text.empty() ? "" : ": ", text));
}

void PartHost::EndByFailure(const Error& error) const {
  if (error.code != ErrorCode::kInterrupted) run->TakeBackAtEnd();
}

// In this order: a stop from now on is not forgotten, and one from before is seen.
bool PartHost::BeginCommand() {
  running_ = true;
  stopped_ = false;
  run->ForgetStop();
  for (const InsidePart* part = caller; part != nullptr; part = part->caller())
    if (part->host().stopped_) return false;
  return true;
}

void PartHost::EndCommand() { running_ = stopped_ = false; }

void AddUserParts(const py::dict& parts, PartHost& host, Registry& registry) {
  const auto each = [&](const char* kind, const std::vector<std::string>& taken, auto add) {
    for (const py::handle part : parts[kind]) {
      const auto name = part.attr("name").cast<std::string>();
      if (std::ranges::find(taken, name) != taken.end())
        throw py::value_error(fmt::format("the name '{}' is that of a built-in part", name));
      add(name, TextOf(part.attr("sentence")), Shared(py::reinterpret_borrow<py::object>(part)));
    }
  };
  const auto rules = registry.aggregators.Names(), behaviours = registry.behaviours.Names(),
             partitioners = registry.partitioners.Names();
  each("aggregation", rules, [&](std::string name, std::string sentence, auto part) {
    registry.aggregators.Add(std::move(name), std::move(sentence),
                             [part, &host](const AggregationOptions&) -> Result<Aggregator> {
                               const py::gil_scoped_acquire lock;
                               return MakePythonRule(*part, host);
                             });
  });
  each("behaviour", behaviours, [&](std::string name, std::string sentence, auto part) {
    registry.behaviours.Add(
        std::move(name), std::move(sentence),
        [part, &host](const BehaviourOptions&) -> Result<std::unique_ptr<Behaviour>> {
          const py::gil_scoped_acquire lock;
          return MakePythonBehaviour(*part, host);
        });
  });
  each("partition", partitioners, [&](std::string name, std::string sentence, auto part) {
    registry.partitioners.Add(std::move(name), std::move(sentence),
                              [part, &host](const PartitionRequest& request) {
                                return DealInPython(*part, host, request);
                              });
  });
}

void BindUserParts(py::module_& module) {
  BindModels(module);
  BindNode(module);
}

}  // namespace delstep
