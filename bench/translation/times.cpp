// Time of each case: what the framework derives against the same job by hand. Google Benchmark's own options apply.
#include "cases.hpp"

#include <benchmark/benchmark.h>

#include <string>

int main(int argc, char** argv) {
  for (const auto& s : bench::samples)
    for (const bool derived : {false, true})
      benchmark::RegisterBenchmark((std::string{s.name} + (derived ? "/derived" : "/by hand")).c_str(),
                                   [&s, derived](benchmark::State& state) {
                                     for (auto _ : state) s.run(derived);
                                   });
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
