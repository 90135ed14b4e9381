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

/// The run whose part this thread is in.
thread_local const PartHost* inside_of = nullptr;

}  // namespace

SharedObject Shared(py::object object) {
  return {new py::object(std::move(object)), [](const py::object* held) {
            // At the end of the process there is no interpreter to give it back to.
            if (Py_IsInitialized() == 0) return;
            const py::gil_scoped_acquire lock;
            delete held;
          }};
}

InsidePart::InsidePart(const PartHost& host) : outer_(std::exchange(inside_of, &host)) {}
InsidePart::~InsidePart() { inside_of = outer_; }

bool IsInsidePart(const PartHost& host) { return inside_of == &host; }

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

void AddUserParts(const py::dict& parts, PartHost& host, Registry& registry) {
  const auto each = [&](const char* kind, const std::vector<std::string>& taken, auto add) {
    for (const py::handle part : parts[kind]) {
      const auto name = part.attr("name").cast<std::string>();
      if (std::ranges::find(taken, name) != taken.end())
        throw py::value_error(fmt::format("the name '{}' is that of a built-in part", name));
      add(name, part.attr("sentence").cast<std::string>(),
          Shared(py::reinterpret_borrow<py::object>(part)));
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
