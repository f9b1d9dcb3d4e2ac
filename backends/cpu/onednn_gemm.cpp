// SPDX-License-Identifier: Apache-2.0
// Products by oneDNN: primitives are made once for each kind of product (sizes, strides, types, epilogue) and kept, the
// least recently used go first.
#include <array>
#include <cstring>
#include <list>
#include <map>
#include <string>
#include <string_view>

#include "backends/cpu/dnnl_versions.h"
#include "backends/cpu/gemm.h"
#include "backends/cpu/gemm_versions.h"
#include "backends/cpu/kernels.h"
#include "backends/cpu/packed_weights.h"
#include "backends/cpu/threads.h"

namespace thaw::cpu {
namespace {

using dnnl::memory;

dnnl::engine& engine() {
  static dnnl::engine cpu = [] {
    thread_count();  // sets OpenMP's number of threads, which oneDNN reads
    // oneDNN goes as far as the loops do: THAW_ISA holds for both.
    const std::string_view isa = kernels().isa;
    if (isa == "baseline") dnnl::set_max_cpu_isa(dnnl::cpu_isa::sse41);
    if (isa == "v3") dnnl::set_max_cpu_isa(dnnl::cpu_isa::avx2);
    return dnnl::engine(dnnl::engine::kind::cpu, 0);
  }();
  return cpu;
}

dnnl::stream& stream() {
  static dnnl::stream in_order(engine());
  return in_order;
}

memory::data_type type_of(DType dtype) {
  return dtype == DType::bf16  ? memory::data_type::bf16
         : dtype == DType::f16 ? memory::data_type::f16
                               : memory::data_type::f32;
}

memory::desc describe(const Gemm& gemm, const Matrices& x, int64_t rows, int64_t columns) {
  if (gemm.batch == 1) return {{rows, columns}, type_of(x.dtype), {x.row, x.column}};
  // A shared matrix is a batch of one.
  return {{x.batch == 0 ? 1 : gemm.batch, rows, columns},
          type_of(x.dtype),
          {x.batch == 0 ? rows * columns : x.batch, x.row, x.column}};
}

memory::desc any_layout(const Gemm& gemm) {
  if (gemm.batch == 1) return {{gemm.k, gemm.n}, type_of(gemm.b.dtype), memory::format_tag::any};
  return {{1, gemm.k, gemm.n}, type_of(gemm.b.dtype), memory::format_tag::any};
}

// Is it row-major or column-major?
bool is_plain(const Gemm& gemm, const memory::desc& layout) {
  Gemm other = gemm;
  other.b.batch = 0;
  other.b.row = gemm.n, other.b.column = 1;
  if (layout == describe(other, other.b, gemm.k, gemm.n)) return true;
  other.b.row = 1, other.b.column = gemm.k;
  return layout == describe(other, other.b, gemm.k, gemm.n);
}

// All that a primitive depends on.
using Kind = std::array<int64_t, 17>;

Kind kind_of(const Gemm& gemm, bool packs) {
  int32_t scale;
  std::memcpy(&scale, &gemm.scale, sizeof scale);
  return {gemm.batch,
          gemm.m,
          gemm.n,
          gemm.k,
          gemm.a.row,
          gemm.a.column,
          gemm.a.batch,
          gemm.b.row,
          gemm.b.column,
          gemm.b.batch,
          gemm.out_row,
          gemm.out_batch,
          static_cast<int64_t>(gemm.a.dtype) * 16 + static_cast<int64_t>(gemm.b.dtype),
          scale,
          gemm.accumulate,
          gemm.bias != nullptr,
          packs + 2 * thread_count()};
}

struct Plan {
  dnnl::matmul primitive;
  memory a, b, bias, out;
  bool usable = false;
  bool packed = false;  // b is in a layout of oneDNN's own
};

Plan make_plan(const Gemm& gemm, bool packs) {
  Plan plan;
  memory::desc bias;
  if (gemm.bias)
    bias = gemm.batch == 1 ? memory::desc({1, gemm.n}, memory::data_type::f32, {gemm.n, 1})
                           : memory::desc({1, 1, gemm.n}, memory::data_type::f32, {gemm.n, gemm.n, 1});
  dnnl::post_ops steps;
  if (gemm.accumulate) steps.append_sum(1);
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(steps);
  if (gemm.scale != 1) set_factor(attributes, gemm.scale);
  const Matrices out{gemm.out, gemm.out_row, 1, gemm.out_batch, DType::f32};
  const memory::desc b = describe(gemm, gemm.b, gemm.k, gemm.n);
  try {
    const memory::desc a = describe(gemm, gemm.a, gemm.m, gemm.k), c = describe(gemm, out, gemm.m, gemm.n);
    auto description = product_plan(engine(), a, b, bias, c, attributes);
    if (std::strstr(description.impl_info_str(), "ref")) return plan;
    if (packs) {
      // Only a layout of the same kernel's own is worth a copy; the result is then the same to the bit.
      const auto packed = product_plan(engine(), a, any_layout(gemm), bias, c, attributes);
      const bool same_kernel = std::strcmp(packed.impl_info_str(), description.impl_info_str()) == 0;
      plan.packed = same_kernel && !is_plain(gemm, packed.weights_desc());
      if (plan.packed) description = packed;
    }
    plan.primitive = dnnl::matmul(description);
    plan.a = memory(description.src_desc(), engine(), nullptr);
    plan.b = memory(description.weights_desc(), engine(), nullptr);
    if (gemm.bias) plan.bias = memory(bias, engine(), nullptr);
    plan.out = memory(description.dst_desc(), engine(), nullptr);
    plan.usable = true;
  } catch (const dnnl::error& error) {
    if (error.status == dnnl_out_of_memory) throw std::bad_alloc();
    // Otherwise: not implemented for these types on this machine.
  }
  return plan;
}

class PlanCache {
 public:
  Plan& find(const Gemm& gemm, bool packs) {
    const Kind kind = kind_of(gemm, packs);
    if (const auto found = by_kind_.find(kind); found != by_kind_.end()) {
      plans_.splice(plans_.begin(), plans_, found->second);
      return found->second->second;
    }
    plans_.emplace_front(kind, make_plan(gemm, packs));
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

PlanCache& plans() {
  static PlanCache cache;
  return cache;
}

// The frozen weight in the plan's layout.
memory packed_b(const Gemm& gemm, const Plan& plan) {
  return packed_weights().find(*gemm.constant_b, plan.b.get_desc(), [&] {
    memory packed(plan.b.get_desc(), engine());
    memory plain(describe(gemm, gemm.b, gemm.k, gemm.n), engine(), const_cast<void*>(gemm.b.data));
    dnnl::reorder(plain, packed).execute(stream(), plain, packed);
    return packed;
  });
}

}  // namespace

bool onednn_gemm(const Gemm& gemm) {
  Plan& plan = plans().find(gemm, gemm.constant_b && (gemm.batch == 1 || gemm.b.batch == 0));
  if (!plan.usable) return false;
  plan.a.set_data_handle(const_cast<void*>(gemm.a.data));
  plan.out.set_data_handle(gemm.out);
  memory b = plan.b;
  if (plan.packed) {
    b = packed_b(gemm, plan);
  } else {
    b.set_data_handle(const_cast<void*>(gemm.b.data));
  }
  std::unordered_map<int, memory> arguments{{DNNL_ARG_SRC, plan.a}, {DNNL_ARG_WEIGHTS, b}, {DNNL_ARG_DST, plan.out}};
  if (gemm.bias) {
    plan.bias.set_data_handle(const_cast<float*>(gemm.bias));
    arguments.emplace(DNNL_ARG_BIAS, plan.bias);
  }
  float factor = gemm.scale;
  if (factor != 1) add_factor(arguments, engine(), factor);
  plan.primitive.execute(stream(), arguments);
  stream().wait();
  return true;
}

std::string onednn_version() {
  const dnnl_version_t* version = dnnl_version();
  return std::to_string(version->major) + "." + std::to_string(version->minor) + "." + std::to_string(version->patch);
}

}  // namespace thaw::cpu
