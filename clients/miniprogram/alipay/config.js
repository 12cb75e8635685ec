// Where the carbon account's pages are. Its domain must be registered at the platform as a business domain.
module.exports = { site: "https://carbon.example" };
