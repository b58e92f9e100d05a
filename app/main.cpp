#include <iostream>
#include <string>
#include <vector>

#include "app/program.hpp"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return mutirao::app::run_program(arguments, mutirao::app::process_environment(),
                                   {std::cin, std::cout, std::cerr});
}
