// SPDX-License-Identifier: GPL-2.0-only
#include "network/ns3/helper/clock.h"

#include <ns3/nstime.h>
#include <ns3/object-factory.h>
#include <ns3/simulator.h>

#include "network/ns3/helper/watchdog.h"

namespace delstep_ns3 {

ns3::TypeId OpenScheduler::GetTypeId() {
  static const ns3::TypeId id = ns3::TypeId("delstep_ns3::OpenScheduler")
                                    .SetParent<ns3::MapScheduler>()
                                    .AddConstructor<OpenScheduler>();
  return id;
}

ns3::Scheduler::Event OpenScheduler::RemoveNext() {
  const Event event = MapScheduler::RemoveNext();
  watchdog::clock.store(static_cast<std::int64_t>(event.key.m_ts), std::memory_order_relaxed);
  return event;
}

Clock::Clock() {
  ns3::ObjectFactory factory;
  factory.SetTypeId(OpenScheduler::GetTypeId());
  ns3::Simulator::SetScheduler(factory);
  scheduler_ = OpenScheduler::latest;
}

std::int64_t Clock::now() const { return ns3::Simulator::Now().GetNanoSeconds(); }

void Clock::RunUntil(std::int64_t time) {
  StopAt(time);
  ns3::Simulator::Run();
  // Nothing of ours stays behind, so that a later run meets no stop of an earlier one.
  stop_.Remove();
}

void Clock::StopNow() { StopAt(now()); }

void Clock::StopAt(std::int64_t time) {
  stop_.Remove();
  stop_ = ns3::Simulator::Schedule(ns3::NanoSeconds(time - now()), &Clock::Stop, this);
}

void Clock::Stop() {
  // Events of one moment run in the order in which they were scheduled: this one goes to the back
  // of the queue until it is alone.
  const bool alone =
      scheduler_->IsEmpty() || scheduler_->PeekNext().key.m_ts != static_cast<std::uint64_t>(now());
  if (alone)
    ns3::Simulator::Stop();
  else
    stop_ = ns3::Simulator::ScheduleNow(&Clock::Stop, this);
}

}  // namespace delstep_ns3
