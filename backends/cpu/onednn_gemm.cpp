// SPDX-License-Identifier: Apache-2.0
// Products by oneDNN: a plan is made, and its kind checked, once for each product (sizes, strides, types, epilogue) and
// kept; the least recently used go first.
#include <algorithm>
#include <bit>
#include <list>
#include <map>
#include <memory>
#include <new>
#include <string>

#include "backends/cpu/gemm_check.h"
#include "backends/cpu/gemm_versions.h"
#include "backends/cpu/onednn_plan.h"
#include "backends/cpu/packed_weights.h"
#include "backends/cpu/threads.h"

namespace thaw::cpu {
namespace {

constexpr int64_t small_sizes = 64;

// All that a plan depends on.
using Kind = std::pair<GemmNumbers, int>;

Kind kind_of(const Gemm& gemm, bool packs) { return {numbers_of(gemm), packs + 2 * thread_count()}; }

Trial trial_of(const Gemm& gemm, std::shared_ptr<Plan> plan) {
  return {gemm, [plan](const Gemm& known) {
            try {
              execute(*plan, known, plan->packed ? packed_b(known, *plan) : plain_b(known, *plan));
            } catch (const dnnl::error& error) {
              if (error.status == dnnl_out_of_memory) throw std::bad_alloc();
              // Otherwise nothing was computed, which is wrong.
            }
          }};
}

// A small product of the same kind that oneDNN computes in the same way: it may choose by sizes, so they grow until it
// does, at last to those of the product itself.
Trial trial_of(const Gemm& gemm, bool packs, const std::string& way) {
  for (const int64_t most : {small_sizes, 2 * small_sizes, 4 * small_sizes}) {
    const Gemm small = small_like(gemm, most);
    const auto plan = std::make_shared<Plan>(make_plan(small, packs));
    if (plan->way == way) return trial_of(small, plan);
    if (std::max({gemm.m, gemm.n, gemm.k}) <= most) break;
  }
  Gemm same = gemm;
  same.scale = small_like(gemm, small_sizes).scale;
  return trial_of(same, std::make_shared<Plan>(make_plan(same, packs)));
}

Plan make_checked_plan(const Gemm& gemm, bool packs) {
  Plan plan = make_plan(gemm, packs);
  if (!plan.usable) return plan;
  plan.usable =
      checked_kinds().allows(plan.way, small_like(gemm, small_sizes), [&] { return trial_of(gemm, packs, plan.way); });
  return plan.usable || !plan.packed ? plan : make_checked_plan(gemm, false);
}

class PlanCache {
 public:
  Plan& find(const Gemm& gemm, bool packs) {
    const Kind kind = kind_of(gemm, packs);
    if (const auto found = by_kind_.find(kind); found != by_kind_.end()) {
      plans_.splice(plans_.begin(), plans_, found->second);
      return found->second->second;
    }
    plans_.emplace_front(kind, make_checked_plan(gemm, packs));
    by_kind_[kind] = plans_.begin();
    if (plans_.size() > most) {
      by_kind_.erase(plans_.back().first);
      plans_.pop_back();
    }
    return plans_.front().second;
  }

 private:
  static constexpr size_t most = 1024;
  std::list<std::pair<Kind, Plan>> plans_;  // the most recently used first
  std::map<Kind, std::list<std::pair<Kind, Plan>>::iterator> by_kind_;
};

// A thread's own: oneDNN runs a primitive in the thread that made it, and a plan's memory objects name the numbers of
// the product that is under way.
PlanCache& plans() {
  thread_local PlanCache cache;
  return cache;
}

// The frozen weight in the plan's layout.
dnnl::memory kept_b(const Gemm& gemm, const Plan& plan) {
  return packed_weights().find(*gemm.constant_b, plan.b.get_desc(), [&] { return packed_b(gemm, plan); });
}

// Rows of b that lie a multiple of 4 KiB apart fall upon the same few sets of the cache. oneDNN 2.6 was measured to
// read them at half its speed where their distance is no power of two (3,072 numbers, as in models whose states have
// 768; at 1,024, 2,048 and 4,096 it was not slower): a copy in its own layout is then worth making for each product,
// from 64 rows of a on.
bool reads_slowly(const Gemm& gemm) {
  constexpr int64_t page = 4096 / sizeof(float), least_rows = 64;
  return gemm.batch == 1 && gemm.m >= least_rows && gemm.b.dtype == DType::f32 && gemm.b.column == 1 &&
         gemm.b.row % page == 0 && !std::has_single_bit(static_cast<uint64_t>(gemm.b.row));
}

}  // namespace

bool onednn_gemm(const Gemm& gemm) {
  Plan& plan = plans().find(gemm, gemm.constant_b || reads_slowly(gemm));
  if (!plan.usable) return false;
  const bool keeps = gemm.constant_b != nullptr;
  execute(plan, gemm, !plan.packed ? plain_b(gemm, plan) : keeps ? kept_b(gemm, plan) : briefly_packed_b(gemm, plan));
  return true;
}

std::string onednn_version() {
  const dnnl_version_t* version = dnnl_version();
  return std::to_string(version->major) + "." + std::to_string(version->minor) + "." + std::to_string(version->patch);
}

}  // namespace thaw::cpu
