// For the other rooms of this package only: `exports` of package.json keeps it from users.
export * from "./identity-grant";
